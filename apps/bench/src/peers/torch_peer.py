"""PyTorch on the CPU: reads a job from the first line of standard input, then answers one command a line."""

import json
import sys
import time

import numpy
import torch

job = json.loads(sys.stdin.readline())
torch.set_num_threads(job["threads"])
scope = {"torch": torch, "F": torch.nn.functional}
for name, entry in job["inputs"].items():
    data = numpy.fromfile(entry["file"], dtype=entry["dtype"]).reshape(entry["shape"])
    scope[name] = torch.from_numpy(data)

if "\n" in job["program"]:
    exec(job["program"], scope)
    evaluate = scope["evaluate"]
else:
    code = compile(job["program"], "case", "eval")

    def evaluate():
        with torch.no_grad():
            return eval(code, scope)


def say(answer):
    print(json.dumps(answer), flush=True)


def first():
    start = time.perf_counter()
    outputs = evaluate()
    ms = (time.perf_counter() - start) * 1e3
    if "results" in scope:
        outputs = scope["results"]()
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    files = []
    for i, output in enumerate(outputs):
        files.append(f"{job['folder']}/result-{i}")
        output.detach().contiguous().float().numpy().tofile(files[-1])
    say({"ms": ms, "files": files})


def run_round(ms):
    runs = []
    end = time.perf_counter() + ms / 1e3
    while True:
        start = time.perf_counter()
        evaluate()
        now = time.perf_counter()
        runs.append((now - start) * 1e3)
        if now >= end:
            break
    say(runs)


say({"version": torch.__version__})
for line in sys.stdin:
    command = json.loads(line)
    if command["kind"] == "first":
        first()
    else:
        run_round(command["ms"])
