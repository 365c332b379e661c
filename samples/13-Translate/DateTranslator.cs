namespace NetGen.Samples;

/// <summary>
/// Reads a date as characters in both directions, and writes it as ten others: before each the decoder looks at what the encoder made of
/// the characters (Bahdanau, Cho, Bengio: Neural machine translation by jointly learning to align and translate, 2015). What it has written
/// so far is an input, one character behind: in training the right date, and in use what it wrote itself.
/// </summary>
[Network]
[Input<int>("text", UpTo = WrittenDate.Most), Input<int>("written", IsoDate.Length)]
[From("text"), Embedding(WrittenDate.Characters, 32), GRU(64, Bidirectional = true, Name = "encoder")]
[From("encoder.h"), Flatten, Linear(64), Tanh(Name = "before")]
[From("written"), Embedding(IsoDate.Inputs, 16), AttentionGRU(64, Memory = "encoder", InitialState = "before", Name = "decoder")]
[Linear(IsoDate.Characters), Output("next")]
[From("decoder.attention"), Output("attention"), CrossEntropyLoss(Dim = -1, Of = "next")]
internal sealed partial class DateTranslator;
