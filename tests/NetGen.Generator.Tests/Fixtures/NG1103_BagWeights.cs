[Network, Input("w", 7), Input<int>("words", 9)]
[EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1103:"w"|}), Linear(2), Output("y")]
partial class Fewer;
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but 'w' gives the vector (7), and 9 ints have a weight each: (9) or (9, 1)

[Network, Input("w", 9, 4), Input<int>("words", 9)]
[EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1103:"w"|}), Linear(2), Output("y")]
partial class Several;
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but 'w' gives the sequence (9, 4), 9 × 4 = 36 weights, and 9 ints have a weight each: (9) or (9, 1)

[Network, Input("weights", 9), Input<int>("words", 9)]
[EmbeddingBag(100, 16, PerSampleWeights = {|NG1103:"weights"|}), Output("y")]
[From("words"), EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1103:"wieghts"|}), Output("z")]
partial class Mean;
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but its Mode is "mean", and only rows of a sum have weights: write Mode = "sum"
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but no layer in front of it is called 'wieghts'; did you mean 'weights'?

[Network, Input<int>("words", UpTo = 9), Input<int>("others", Like = "words"), Input("w", 1, UpTo = 9), Input("fixed", 9)]
[From("words"), EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1103:"w"|}), Output("y")]
[From("words"), EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1103:"fixed"|}), Output("z")]
[From("words"), EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1100:"others"|}), Output("x")]
partial class Lengths;
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but 'w' has as many positions as each sample brings for 'w', and the ints have as many positions as each sample brings for 'words': declare its input with Like = "words"
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but 'fixed' has a fixed length of 9, and the ints have as many positions as each sample brings for 'words'
//! NG1100: EmbeddingBag takes floats, but 'others' gives ints (up to 9): put an Embedding or EmbeddingBag behind them, which makes floats of them

[Network, Input("w", 3, 3, 3), Input<int>("words", 9)]
[EmbeddingBag(100, 16, Mode = "sum", PerSampleWeights = {|NG1103:"w"|}), Linear(2), Output("y")]
partial class Image;
//! NG1103: EmbeddingBag multiplies each row by the weight that PerSampleWeights names for it, but 'w' gives the feature map (3, 3, 3), and weights are a vector, or a sequence with one feature at each position
