import { type RandomKey, SurprisalError, type Tensor, type TensorLike } from '@surprisal/tensor'
import { Bert, type BertConfig, type BertOptions, type BertOutput } from './bert.ts'
import { CNN, type CNNConfig } from './cnn.ts'
import { GPT2, type GPT2Config } from './gpt2.ts'
import { Llama, type LlamaConfig } from './llama.ts'
import { MLPClassifier, type MLPClassifierConfig } from './mlp-classifier.ts'
import { MLPMixer, type MLPMixerConfig } from './mlp-mixer.ts'
import { ResNet, type ResNetConfig } from './resnet.ts'
import { UNet, type UNetConfig } from './unet.ts'
import { ViT, type ViTConfig } from './vit.ts'

/** Sizes of each kind of model. */
export interface ModelConfigs {
  gpt2: GPT2Config
  llama: LlamaConfig
  bert: BertConfig
  mlp: MLPClassifierConfig
  cnn: CNNConfig
  resnet: ResNetConfig
  vit: ViTConfig
  mlpMixer: MLPMixerConfig
  unet: UNetConfig
}

/** Each kind of model. */
export interface Models {
  gpt2: GPT2
  llama: Llama
  bert: Bert
  mlp: MLPClassifier
  cnn: CNN
  resnet: ResNet
  vit: ViT
  mlpMixer: MLPMixer
  unet: UNet
}

export type ModelType = keyof Models

const makers: {
  readonly [T in ModelType]: (config: ModelConfigs[T], options: { key?: RandomKey | number }) => Models[T]
} = {
  gpt2: (config, options) => new GPT2(config, options),
  llama: (config, options) => new Llama(config, options),
  bert: (config, options) => new Bert(config, options),
  mlp: (config, options) => new MLPClassifier(config, options),
  cnn: (config, options) => new CNN(config, options),
  resnet: (config, options) => new ResNet(config, options),
  vit: (config, options) => new ViT(config, options),
  mlpMixer: (config, options) => new MLPMixer(config, options),
  unet: (config, options) => new UNet(config, options),
}

/** Another name of a kind. */
const aliases: Readonly<Record<string, ModelType>> = { gpt: 'llama' }

/** @throws {SurprisalError} `argument` for a kind that there is not */
function modelTypeOf(op: string, type: string): ModelType {
  const known = aliases[type] ?? type
  if (!Object.hasOwn(makers, known))
    throw new SurprisalError('argument', `${op}: type must be one of ${Object.keys(makers).join(', ')}, got ${type}`)
  return known as ModelType
}

/**
 * A model with initial weights.
 * @param type `gpt2`, `llama` (also called `gpt`), `bert`, `mlp`, `cnn`, `resnet`, `vit`, `mlpMixer` or `unet`
 * @throws {SurprisalError} `argument` for a kind that there is not, or wrong sizes
 */
export function createModel<T extends ModelType>(
  type: T,
  config: ModelConfigs[T],
  options: { key?: RandomKey | number } = {},
): Models[T] {
  return makers[modelTypeOf('createModel', type) as T](config, options)
}

/**
 * Runs a model of given weights once, for checks against other libraries; nothing is dropped, and batch normalisation
 * takes its running values.
 * @param stateDict every weight by its name in Hugging Face's, torchvision's or timm's state dict
 * @param input ids int32 [B, T], or images
 * @param rest attention mask and segments of a language model, or the time of a `unet`; then options of `bert`
 * @returns logits, vectors of tokens and texts of `bert`, images of `unet`
 * @throws {SurprisalError} `argument` for a kind that there is not, or weights that do not fit
 */
export function runModel(
  type: ModelType,
  config: ModelConfigs[ModelType],
  stateDict: Record<string, Tensor>,
  input: TensorLike,
  ...rest: readonly (TensorLike | BertOptions | null)[]
): Tensor | BertOutput {
  const model = createModel(type, config as never)
  model.loadStateDict(stateDict)
  model.eval()
  const tensors = rest.filter((x): x is TensorLike | null => x === null || 'shape' in x)
  const options = (rest.find(x => x !== null && !('shape' in x)) ?? {}) as BertOptions
  const [second = null, tokenTypeIds = null] = tensors
  if (model instanceof Bert) return model.forward(input, { attentionMask: second, tokenTypeIds, ...options })
  if (model instanceof GPT2 || model instanceof Llama)
    return model.forward(input, second ? { attentionMask: second } : {})
  return model instanceof UNet ? model.forward(input, second) : model.forward(input)
}
