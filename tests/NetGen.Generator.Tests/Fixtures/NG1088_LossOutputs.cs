using NetGen;

[Network]
[Input("image", 3, 8, 8), Conv2d(4, 3), Output("map"), Flatten, Linear(6), Output("image_embeds")]
[Input("text", 9), Linear(5), Output("text_embeds")]
[{|NG1088:ContrastiveLoss("image_embeds", "text_embeds")|}]
partial class Unequal;

[Network]
[Input("image", 3, 8, 8), Conv2d(4, 3), Output("map"), Flatten, Linear(6), Output("image_embeds")]
[Input("text", 9), Linear(6), Output("text_embeds")]
[ContrastiveLoss("image_embeds", {|NG1086:"text_embed"|}, Temperature = {|NG1021:0|}), {|NG1012:TripletMarginLoss("text_embeds", "map", {|NG1086:"text_embeds"|}, P = {|NG1021:0.5|}, Eps = {|NG1021:-1|}, Margin = {|NG1021:double.NaN|})|}]
partial class Misspelt;

[Network(8)]
[Linear(6), Output("a"), From("input"), Linear(7), Output("b"), {|NG1088:CosineEmbeddingLoss("a", "b")|}]
partial class Pair;

[Network(8)]
[Linear(6), ContrastiveLoss({|NG1086:"a"|}, {|NG1086:"b"|})]
partial class OneOutput;

[Network(8)]
[Linear(6), Output("a"), ReLU, Linear(6), Output("b"), ReLU, Linear(6), Output("c")]
[TripletMarginLoss("a", "b", "c"), ContrastiveLoss({|NG1086:"a"|}, {|NG1086:"c"|}), MSELoss(Of = {|NG1086:"b"|})]
partial class Taken;
//! NG1088: ContrastiveLoss compares vectors of one length, but 'image_embeds' has 6, 'text_embeds' has 5
//! NG1086: ContrastiveLoss compares two outputs, but there is no output 'text_embed'; there are 'map', 'image_embeds', 'text_embeds'
//! NG1021: ContrastiveLoss's Temperature must be a finite number above 0, but is 0
//! NG1012: TripletMarginLoss expects vectors of features, but 'map' gives the feature map (4, 6, 6); put Flatten in front of it (4 × 6 × 6 = 144 features)
//! NG1086: TripletMarginLoss compares three outputs, but it names 'text_embeds' twice
//! NG1021: TripletMarginLoss's P must be 1 or more, but is 0.5
//! NG1021: TripletMarginLoss's Eps must be a finite number, 0 or more, but is −1
//! NG1021: TripletMarginLoss's Margin must be a finite number, but is NaN
//! NG1088: CosineEmbeddingLoss compares vectors of one length, but 'a' has 6, 'b' has 7
//! NG1086: ContrastiveLoss compares two outputs, but there is no output 'a'; there is 'output'
//! NG1086: ContrastiveLoss compares two outputs, but there is no output 'b'; there is 'output'
//! NG1086: ContrastiveLoss compares two outputs, but another loss is of 'a' already: publish it twice, by two Output attributes, to give it two losses
//! NG1086: ContrastiveLoss compares two outputs, but another loss is of 'c' already: publish it twice, by two Output attributes, to give it two losses
//! NG1086: MSELoss compares an output with a target, but another loss is of 'b' already: publish it twice, by two Output attributes, to give it two losses
