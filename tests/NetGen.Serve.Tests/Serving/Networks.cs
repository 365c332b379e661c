namespace NetGen.Serve.Tests.Serving;

/// <summary>Two inputs, one of them of ints, and two outputs.</summary>
[Network, InferenceOnly]
[Input("image", 1, 6, 6), Conv2d(4, 3, Padding = 1), ReLU, Flatten, Linear(6, Name = "seen")]
[Input<int>("words", 3), EmbeddingBag(20, 6), Add("seen"), ReLU, Linear(3), Output("kind")]
[From("seen"), Linear(2), Output("box")]
internal sealed partial class PairNet;

/// <summary>Two numbers at each position of texts of any length.</summary>
[Network, InferenceOnly, Input<int>("tokens", UpTo = 9)]
[Embedding(30, 5), GRU(6), Linear(2)]
internal sealed partial class TextNet;

/// <summary>A network of ints alone.</summary>
[Network, InferenceOnly, Input<int>("words", 4)]
[EmbeddingBag(20, 6), Linear(3)]
internal sealed partial class WordNet;
