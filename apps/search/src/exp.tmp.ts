import { readFileSync } from 'node:fs'
import { loadWordNet } from './data/wordnet.ts'
import { splitCorpus } from './data/split.ts'
import { RandomStream } from './data/random.ts'
import { trainBpe, byteLevelTokenizer } from '@surprisal/tokenization'
import { BM25Index, FlatIndex, convexFusion, reciprocalRankFusion } from '@surprisal/retrieval'
import { TextEncoder as Enc } from './model/text-encoder.ts'
import { toTokenBatch } from './model/token-batch.ts'
import { drawPair, tokenizeCorpus, documentTokens } from './training/pairs.ts'
import { rowGradients } from './training/te.tmp.ts'
import { Adam, learningRateAt } from '@surprisal/nn'
import { randomKey } from '@surprisal/tensor'
const arg=JSON.parse(process.argv[2]??'{}')
const {dim=256,hidden=0,steps=300,B=1024,lr=3e-3,temp=0.05,bm=true,sym=true,vocab=16384,drop=0.5,docmode='title'}=arg
let t=performance.now(); const lap=(n:string)=>{const u=performance.now();console.log(n,(u-t).toFixed(0));t=u}
const corpus=await loadWordNet(); const docs=corpus.documents
const pos=new Map(docs.map((d,i)=>[d.id,i]))
const qs=JSON.parse(readFileSync('/tmp/gcide.json','utf8')).slice(0,1000) as {query:string,relevant:string[]}[]
const {training,heldOut}=splitCorpus(corpus)
const exq=heldOut.flatMap(i=>docs[i].examples.map(e=>({query:e,relevant:[docs[i].id]}))).slice(0,1000)
function report(name:string, run:(q:string)=>string[], Q=qs){ let r1=0,r10=0,r100=0,mrr=0; for(const q of Q){const ids=run(q.query); const rel=new Set(q.relevant); let hit=0,hit10=0,hit1=0,first=0; ids.forEach((id,r)=>{ if(rel.has(id)){ if(r<100)hit++; if(r<10)hit10++; if(r<1)hit1++; if(!first)first=r+1}}); r100+=hit/rel.size; r10+=hit10/rel.size; r1+=hit1/rel.size; if(first&&first<=10)mrr+=1/first } const n=Q.length; console.log(name.padEnd(24),'r1',(r1/n).toFixed(3),'r10',(r10/n).toFixed(3),'r100',(r100/n).toFixed(3),'mrr',(mrr/n).toFixed(3)) }
if(bm) for(const [name,opt,f] of [['bm25 gloss',{},(d:any)=>d.text],['bm25 gloss stem',{stemmer:'porter'},(d:any)=>d.text],['bm25 title+gloss stem',{stemmer:'porter'},(d:any)=>d.title+' '+d.text],['same+stop',{stemmer:'porter',stopWords:'english'},(d:any)=>d.title+' '+d.text]] as any){
 const ix=new BM25Index({analyzer:opt}); ix.add(docs.map(d=>d.id),docs.map(f)); report('gcide '+name,q=>ix.search(q,{k:100}).map(h=>h.id as string)); report('examples '+name,q=>ix.search(q,{k:100}).map(h=>h.id as string),exq) ; lap('bm25') }
const lower=(s:string)=>' '+s.toLowerCase()
const trained=trainBpe(training.map(i=>lower(docs[i].title+' '+docs[i].text)),{vocabSize:vocab}); lap('bpe')
const tok=byteLevelTokenizer(trained)
const starts=Uint8Array.from({length:tok.vocabSize},(_,i)=>tok.idToToken(i)?.startsWith('Ġ')?1:0)
const tc=tokenizeCorpus(corpus,s=>tok.encodeIds(lower(s)),starts); lap('tokenize')
const cnt=new Float64Array(tok.vocabSize); let tot=0; for(let i=0;i<docs.length;i++) for(const x of documentTokens(tc,i)){cnt[x]++;tot++}
const a=arg.a??1e-3
const importance=arg.sif===false?undefined:Float32Array.from(cnt,c=>Math.log(a/(a+c/tot)))
const enc=new Enc({vocabSize:tok.vocabSize,dim,hidden,importance,key:randomKey(0)})
const opt=new Adam([enc.embeddings,enc.importance,...enc.denseParameters()],{lr})
const random=new RandomStream(0,1); const allowed=new Set(training)
async function evalDense(name:string){
 const ix=new FlatIndex({dim}); const order=docs.map((_,i)=>i)
 for(let s=0;s<order.length;s+=2048){const part=order.slice(s,s+2048); const v=await enc.forward(toTokenBatch(part.map(i=>docmode==='title'?documentTokens(tc,i):tc.texts[i]))).data() as Float32Array; ix.add(part.map(i=>docs[i].id),v)}
 lap('index')
 const search=(q:string)=>ix.search(enc.forward(toTokenBatch([tok.encodeIds(lower(q))])).dataSync() as Float32Array,{k:100}).map(h=>h.id as string)
 const bmx=new BM25Index({analyzer:{stemmer:'porter'}}); bmx.add(docs.map(d=>d.id),docs.map(d=>d.title+' '+d.text))
 const S=(h:any)=>Object.fromEntries(h.map((x:any)=>[x.id,x.score]))
 const dq=heldOut.filter(i=>docs[i].related.length).slice(0,600).map(i=>({query:docs[i].text,relevant:docs[i].related.map(j=>docs[j].id),ex:docs[i].id}))
 for(const Q of [qs,exq,dq] as any[]){ const cached=Q.map((q:any)=>({q:q.query,b:bmx.search(q.query,{k:200}).filter(h=>h.id!==q.ex),d:ix.search(enc.forward(toTokenBatch([tok.encodeIds(lower(q.query))])).dataSync() as Float32Array,{k:200}).filter(h=>h.id!==q.ex)})); const m=new Map<string,any>(cached.map((c:any)=>[c.q,c]))
  report('bm25',q=>m.get(q)!.b.slice(0,100).map((h:any)=>h.id as string),Q)
  report('dense',q=>m.get(q)!.d.slice(0,100).map((h:any)=>h.id as string),Q)
  for(const al of [0.1,0.2,0.3,0.4,0.5]) report('hyb '+al,q=>convexFusion(S(m.get(q)!.b),S(m.get(q)!.d),{alpha:al}).slice(0,100).map(x=>x[0] as string),Q) }
}
for(let s=0;s<steps;s++){
  const pairs=random.distinct(B,training.length).map(at=>drawPair(tc,training[at],i=>allowed.has(i),random))
  const batch=toTokenBatch([...pairs.map(p=>p.query),...pairs.map(p=>p.document)])
  const touched=enc.touched(batch); const v=enc.forward(batch,touched); const [q,d]=v.split(B)
  const logits=q.matmul(d.transpose(0,1)).mul(1/temp)
  let loss=logits.logSoftmax({dim:1}).diagonal().mean().neg()
  if(sym) loss=loss.add(logits.logSoftmax({dim:0}).diagonal().mean().neg()).mul(0.5)
  opt.step(rowGradients(loss,touched,enc),{lr:learningRateAt(s,{schedule:'linear',lr,warmupSteps:10,totalSteps:steps})}); await opt.settle(loss)
  if(s%50===0||s===steps-1){console.log(s, await loss.item()); lap('steps')}
}
await evalDense(JSON.stringify(arg))
