const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
]
const rounds = [0, 1, 2, 3, 4].flatMap(group => [
  ...rotations[group % 2].map(by => `  x0 = x0 + x1; x1 = ((x1 << ${by}u) | (x1 >> ${32 - by}u)) ^ x0;`),
  `  x0 = x0 + k${(group + 1) % 3}; x1 = x1 + k${(group + 2) % 3} + ${group + 1}u;`,
])

/** Random bits, the same as on every other backend, and normal numbers of them. */
export const randomFunctions = {
  // Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011): Threefry-2x32, 20 rounds.
  threefry: `fn threefry(k0: u32, k1: u32, counter: u32) -> i32 {
  let k2 = k0 ^ k1 ^ 0x1bd11bdau;
  var x0 = k0;
  var x1 = counter + k1;
${rounds.join('\n')}
  return bitcast<i32>(x0 ^ x1);
}`,
  scaled: `fn scaled(c: i32, t: i32) -> i32 {
  return (c >> 16u) * t + bitcast<i32>(((bitcast<u32>(c) & 0xffffu) * u32(t)) >> 16u);
}`,
  normalFromBits: `fn normalFromBits(bits: i32) -> f32 {
  let v = select(bits, ~bits, bits < 0);
  var row = v;
  var t = 0;
  if (v >= 32) {
    let octave = 26u - countLeadingZeros(u32(v));
    let low = u32(v) & ((1u << octave) - 1u);
    row = 32 + i32(octave) * 32 + ((v >> octave) & 31);
    t = i32(select(low >> ((octave - 16u) & 31u), low << ((16u - octave) & 31u), octave <= 16u));
  }
  let c0 = bitcast<i32>(normalTable[row * 3]);
  let c1 = bitcast<i32>(normalTable[row * 3 + 1]);
  let c2 = bitcast<i32>(normalTable[row * 3 + 2]);
  let z = (c0 + scaled(c1 + scaled(c2, t), t) + 64) >> 7u;
  return f32(select(-z, z, bits < 0)) * 4.76837158203125e-7;
}`,
  iotaOf: `fn iotaOf(n: u32, start: vec2<f32>, step: vec2<f32>) -> f32 {
  let short = bitcast<f32>(bitcast<u32>(step.x) & 0xfffff000u);
  let rest = (step.x - short) + step.y;
  let high = f32(n & 0xfffff000u) * short;
  let low = f32(n & 0xfffu) * short;
  return ((start.x + high) + low) + (f32(n) * rest + start.y);
}`,
}
