// The page of a training: it listens to its events and draws them.
const at = id => document.getElementById(id)
const steps = []
const losses = []
const means = []
const rates = []
let plot = null
let isDrawing = false

/** Colours follow the theme, also when it changes. */
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()
const resolved = name => {
  const probe = document.createElement('span')
  probe.style.color = colour(name)
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

const rateText = rate => (rate === 0 ? '0' : rate.toExponential(1))

function makePlot() {
  plot?.destroy()
  const axis = label => ({
    label,
    stroke: resolved('--quiet'),
    grid: { stroke: resolved('--grid'), width: 1 },
    ticks: { stroke: resolved('--grid'), width: 1 },
  })
  plot = new uPlot(
    {
      width: at('plot').clientWidth,
      height: 320,
      scales: { x: { time: false } },
      axes: [
        axis('step'),
        axis('loss'),
        {
          ...axis('learning rate'),
          scale: 'rate',
          side: 1,
          grid: { show: false },
          size: 64,
          values: (_, ticks) => ticks.map(rateText),
        },
      ],
      series: [
        { label: 'step' },
        { label: 'loss', stroke: resolved('--faint'), width: 1, points: { show: false } },
        { label: 'running mean', stroke: resolved('--loss'), width: 2, points: { show: false } },
        {
          label: 'learning rate',
          stroke: resolved('--rate'),
          width: 1.5,
          dash: [5, 5],
          scale: 'rate',
          points: { show: false },
        },
      ],
    },
    [steps, losses, means, rates],
    at('plot'),
  )
}

function draw() {
  isDrawing = false
  if (plot) plot.setData([steps, losses, means, rates])
  else if (steps.length > 1) makePlot()
}

const shown = {
  about: ({ text }) => {
    at('about').textContent += `${text}. `
  },
  step: ({ step, steps: all, loss, lr, tokensPerSecond, secondsLeft }) => {
    steps.push(step)
    losses.push(loss)
    const before = means[means.length - 1] ?? loss
    means.push(before + (loss - before) * Math.max(0.03, 1 / steps.length))
    rates.push(lr)
    at('step').textContent = `${step} of ${all}`
    at('loss').textContent = means[means.length - 1].toFixed(3)
    at('lr').textContent = lr.toExponential(1)
    at('speed').textContent = Math.round(tokensPerSecond ?? 0).toLocaleString('en')
    const left = Math.round(secondsLeft ?? 0)
    at('left').textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  },
  evaluation: ({ step, natsPerCharacter, sample }) => {
    at('validation').textContent = natsPerCharacter.toFixed(3)
    const item = document.createElement('li')
    const about = document.createElement('small')
    about.textContent = `after ${step} steps, ${natsPerCharacter.toFixed(3)} nats per character`
    item.append(about, sample)
    at('samples').prepend(item)
  },
  end: ({ text }) => {
    at('left').textContent = 'done'
    at('about').textContent += `${text}. `
    source.close()
  },
}

const source = new EventSource('events')
source.addEventListener('message', ({ data }) => {
  for (const event of JSON.parse(data)) shown[event.kind](event)
  if (!isDrawing) requestAnimationFrame(draw)
  isDrawing = true
})

addEventListener('resize', () => plot?.setSize({ width: at('plot').clientWidth, height: 320 }))
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => plot && makePlot())
