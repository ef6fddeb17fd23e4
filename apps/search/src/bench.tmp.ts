import { loadWordNet } from './data/wordnet.ts'
import { splitCorpus } from './data/split.ts'
import { RandomStream } from './data/random.ts'
import { trainBpe, byteLevelTokenizer } from '@surprisal/tokenization'
import { TextEncoder as Enc } from './model/text-encoder.ts'
import { toTokenBatch } from './model/token-batch.ts'
import { drawPair, tokenizeCorpus } from './training/pairs.ts'
import { rowGradients } from './training/te.tmp.ts'
import { Adam } from '@surprisal/nn'
import { randomKey, arange, realize, stopGradient } from '@surprisal/tensor'
let t=performance.now(); const lap=(n:string)=>{const u=performance.now();console.log(n,(u-t).toFixed(0));t=u}
const corpus=await loadWordNet(); lap('load')
const {training}=splitCorpus(corpus)
const lower=(s:string)=>' '+s.toLowerCase()
const trained=trainBpe(training.map(i=>lower(corpus.documents[i].text)),{vocabSize:16384}); lap('bpe')
const tok=byteLevelTokenizer(trained)
const starts=Uint8Array.from({length:tok.vocabSize},(_,i)=>tok.idToToken(i)?.startsWith('Ġ')?1:0)
const tc=tokenizeCorpus(corpus,s=>tok.encodeIds(lower(s)),starts); lap('tokenize')
console.log(tc.texts.reduce((a,b)=>a+b.length,0)/tc.texts.length)
const enc=new Enc({vocabSize:tok.vocabSize,dim:256,hidden:Number(process.argv[2]??0),key:randomKey(0)})
const opt=new Adam([enc.embeddings,enc.importance,...enc.denseParameters()],{lr:3e-3})
const random=new RandomStream(0,1); const allowed=new Set(training)
const B=1024
for(let s=0;s<25;s++){
  const pairs=random.distinct(B,training.length).map(at=>drawPair(tc,training[at],i=>allowed.has(i),random))
  const batch=toTokenBatch([...pairs.map(p=>p.query),...pairs.map(p=>p.document)])
  if(s==24) lap('batch '+batch.positions.length+' '+batch.tokens.length)
  const touched=enc.touched(batch); const v=enc.forward(batch,touched); const [q,d]=v.split(B)
  const logits=q.matmul(d.transpose(0,1)).mul(20)
  const loss=logits.logSoftmax({dim:1}).diagonal().mean().neg()
  opt.step(rowGradients(loss,touched,enc),{lr:3e-3}); await opt.settle(loss)
  console.log(s, await loss.item()); lap('step')
}
