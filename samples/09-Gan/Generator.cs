namespace NetGen.Samples;

/// <summary>Makes an image out of random numbers: DCGAN's generator (Radford, Metz, Chintala, 2016), for images of 28 × 28.</summary>
[Network(64)]
[Initialize(Init.Normal, StandardDeviation = 0.02)]
[Linear(128 * 7 * 7, Bias = false), Unflatten(1, [128, 7, 7]), BatchNorm2d, ReLU]
[ConvTranspose2d(64, 4, Stride = 2, Padding = 1, Bias = false), BatchNorm2d, ReLU]
[ConvTranspose2d(1, 4, Stride = 2, Padding = 1), Tanh]
internal sealed partial class Generator;
