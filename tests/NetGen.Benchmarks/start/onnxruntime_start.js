// usage: node onnxruntime_start.js NODE_MODULES MODEL.onnx IMAGE.f32
// Loads the model, predicts one image, prints the class.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const [modules, model, image] = process.argv.slice(2);
const ort = require(path.join(modules, 'onnxruntime-node'));

async function main() {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, executionMode: 'sequential' });
  const bytes = fs.readFileSync(image);
  const pixels = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const { output } = await session.run({ input: new ort.Tensor('float32', pixels, [1, 1, 28, 28]) });
  console.log(output.data.indexOf(Math.max(...output.data)));
}

main();
