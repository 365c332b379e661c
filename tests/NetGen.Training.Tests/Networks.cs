namespace NetGen.Training.Tests;

/// <summary>Small, with all that a checkpoint must keep: dropout, running statistics.</summary>
[Network(8)]
[Linear(16, Bias = false), BatchNorm1d, ReLU, Dropout(0.3), Linear(4)]
[CrossEntropyLoss]
internal sealed partial class Classifier;

/// <summary>Running statistics that are means over all batches, so that the count of batches is their weight.</summary>
[Network(4)]
[BatchNorm1d(CumulativeAverage = true), Linear(2)]
[MSELoss]
internal sealed partial class Cumulative;

[Network(8)]
[Linear(6), Tanh, Linear(2)]
[MSELoss]
internal sealed partial class Regression;

/// <summary>Its loss takes two targets, which no loop can guess.</summary>
[Network(8)]
[Linear(6)]
[CosineEmbeddingLoss]
internal sealed partial class Embedding;

/// <summary>Branches, a layer of two nodes, and names.</summary>
[Network(3, 8, 8)]
[Conv2d(16, 3, Padding = 1, Name = "stem"), ReLU, Residual<Body>, ReLU, MaxPool2d(2), Dropout2d(0.1)]
[Flatten, Linear(5, Name = "head")]
[CrossEntropyLoss]
public sealed partial class Branches;

[Block]
[Conv2d(16, 3, Padding = 1), Sigmoid]
public sealed class Body;

/// <summary>Two inputs, two losses of two kinds, and an output that no loss is of.</summary>
[Network]
[Input("position", 3), Linear(8, Name = "place")]
[Input("image", 8), Linear(8), Add("place"), ReLU, Dropout(0.2), Output("features")]
[Linear(4), Output("kind")]
[From("features"), Linear(2), Output("box")]
[CrossEntropyLoss(Of = "kind"), MSELoss(Of = "box", Factor = 0.5)]
internal sealed partial class Detector;

/// <summary>Its target is its input.</summary>
[Network(8)]
[Linear(3), Tanh, Linear(8), MSELoss]
internal sealed partial class Autoencoder;

/// <summary>Without a loss: whoever trains it computes gradients elsewhere.</summary>
[Network(8)]
[Linear(3)]
internal sealed partial class Encoder;

/// <summary>Texts by the words that they have.</summary>
[Network, Input<int>("tokens", 8)]
[EmbeddingBag(9, Topics.Features, PaddingIndex = 0), Linear(3), CrossEntropyLoss]
internal sealed partial class Topics
{
    internal const int Features = 12;
}

/// <summary>An input of floats beside one of ints.</summary>
[Network]
[Input("picture", 3), Linear(4), Tanh(Name = "seen")]
[Input<int>("words", 3), EmbeddingBag(5, 4, Mode = "sum"), Mul("seen"), Linear(2), CrossEntropyLoss]
internal sealed partial class Captioned;

/// <summary>A table large enough to tell what its numbers are drawn from.</summary>
[Network, Input<int>("tokens", 8)]
[EmbeddingBag(500, 64, PaddingIndex = -1)]
internal sealed partial class Vocabulary;

/// <summary>Rows of a table with a largest norm.</summary>
[Network, Input<int>("tokens", 4)]
[Embedding(8, Bounded.Columns, MaxNorm = 2)]
internal sealed partial class Bounded
{
    internal const int Columns = 5;
}

/// <summary>A table of more rows than a word of a set has bits, and of columns for several workers.</summary>
[Network, Input<int>("tokens", 3)]
[Embedding(Large.Rows, Large.Columns, PaddingIndex = Large.Padding, Name = "table"), MSELoss(Reduction = "sum")]
internal sealed partial class Large
{
    internal const int Rows = 70, Columns = 37, Padding = 2;
}

/// <summary>Two layers that look up one table.</summary>
[Network]
[Input<int>("left", 2), EmbeddingBag(11, TwoTexts.Columns, Name = "words"), Tanh(Name = "one")]
[Input<int>("right", 2), EmbeddingBag(11, TwoTexts.Columns, Shares = "words"), Tanh, Mul("one"), MSELoss]
internal sealed partial class TwoTexts
{
    internal const int Columns = 6;
}

/// <summary>Reviews as long as they are, by the state behind the last word.</summary>
[Network, Input<int>("tokens", UpTo = LastState.Most)]
[Embedding(LastState.Rows, 8, Name = "words"), LSTM(12, Name = "lstm"), Select(1, -1), Linear(2), CrossEntropyLoss]
internal sealed partial class LastState
{
    internal const int Most = 24, Rows = 20;
}

/// <summary>The same by attention and a mean of the words that there are.</summary>
[Network, Input<int>("tokens", UpTo = LastState.Most)]
[Embedding(LastState.Rows, 8), PositionalEncoding, TransformerEncoderLayer(8, 2, FeedForward = 16, Dropout = 0.1), Mean(1)]
[Linear(2), CrossEntropyLoss]
internal sealed partial class Encoded;

/// <summary>A class at each position, of tokens and of numbers beside them.</summary>
[Network]
[Input<int>("tokens", UpTo = 16), Embedding(10, 4, Name = "words")]
[Input("shape", 3, Like = "tokens"), Linear(4), Add("words"), GRU(6), Linear(4), CrossEntropyLoss(Dim = -1)]
internal sealed partial class Tags;

/// <summary>Two inputs with lengths of their own, one of one size, and two losses.</summary>
[Network]
[Input<int>("source", UpTo = 12), Embedding(9, 4, Name = "seen"), Mean(1, Name = "mean")]
[Input("bias", 4)]
[Input<int>("target", UpTo = 10), Embedding(9, 4), MultiheadAttention(1, Key = "seen"), Linear(9), Output("next")]
[From("mean"), Add("bias"), Linear(1), Output("score")]
[CrossEntropyLoss(Of = "next", Dim = -1), MSELoss(Of = "score")]
internal sealed partial class Pairs;

/// <summary>Its normalisation needs two samples in each batch.</summary>
[Network, Input<int>("tokens", UpTo = LastState.Most)]
[Embedding(LastState.Rows, 4), Mean(1), BatchNorm1d, Linear(2), CrossEntropyLoss]
internal sealed partial class Normalized;
