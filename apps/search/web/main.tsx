import { render } from 'preact'
import './styles/base.css'
import './styles/search.css'
import './styles/compare.css'
import './styles/evaluation.css'
import { App } from './app.tsx'

render(<App />, document.getElementById('app')!)
