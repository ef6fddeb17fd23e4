import { render } from 'preact'
import './styles/page.css'
import { App } from './app.tsx'

render(<App />, document.getElementById('app')!)
