namespace NetGen.Samples;

/// <summary>
/// Convolutions over 3, 4 and 5 words, and of each channel its strongest answer anywhere in the sentence (Kim: Convolutional neural
/// networks for sentence classification, 2014). Convolutions take sentences of one length: padding fills up the shorter ones.
/// </summary>
[Network, Input<int>("tokens", Sentences.Most)]
[Embedding(Vocabulary.Size, 64, PaddingIndex = Vocabulary.Padding), Dropout(0.3), Permute(2, 1)]
[Concat<WordsTogether>(3, 4, 5), Flatten, Dropout(0.5), Linear(2), CrossEntropyLoss]
internal sealed partial class TextCnn;

/// <summary>One of the convolutions.</summary>
[Block, Conv1d(64, Width), ReLU, AdaptiveMaxPool1d(1)]
internal sealed class WordsTogether
{
    internal const int Width = 3;
}

/// <summary>Reads word after word, and judges by what it remembers after the last.</summary>
[Network, Input<int>("tokens", UpTo = Sentences.Most)]
[Embedding(Vocabulary.Size, 64), Dropout(0.5), LSTM(64), Select(1, -1), Dropout(0.5), Linear(2), CrossEntropyLoss]
internal sealed partial class LstmReader;

/// <summary>Each word looks at all others, and the sentence is the mean of what they make of it.</summary>
[Network, Input<int>("tokens", UpTo = Sentences.Most)]
[Embedding(Vocabulary.Size, 64), PositionalEncoding, Dropout(0.5)]
[TransformerEncoderLayer(64, 4, FeedForward = 128, Dropout = 0.3), Mean(1), Dropout(0.5), Linear(2), CrossEntropyLoss]
internal sealed partial class EncoderReader;

/// <summary>To compare with: which words a sentence has, in whatever order.</summary>
[Network, Input<int>("tokens", UpTo = Sentences.Most)]
[EmbeddingBag(Vocabulary.Size, 64), Linear(2), CrossEntropyLoss]
internal sealed partial class BagOfWords;
