[Network(8)]
[Linear(8, Name = "fc1"), ReLU, Linear(6, Name = "fc2"), {|NG1076:Bilinear(6, 8, 4)|}, Bilinear(3, From = {|NG1076:"later"|}), ReLU, Linear(5, Name = "later")]
[Bilinear(5, 8, 4, From = {|NG1013:""|})]
partial class Net;

[Network(4, 3, 3)]
[Conv2d(4, 3, Padding = 1, Name = "conv"), Sequential<Encoder>(Name = "encoder"), Sequential<Head>, Bilinear(2, From = {|NG1076:"conv"|}), Bilinear(2, From = "encoder.fc"), Bilinear(2, From = {|NG1076:"fc"|})]
partial class Nested;

[Network(4, 3, 3)]
[{|NG1004:Bilinear(2, From = {|NG1076:"none"|})|}]
partial class First;

[Block, Flatten, Linear(6, Name = "fc"), ReLU]
class Encoder;

[Block, Linear(3), Bilinear(5, From = "encoder.fc")]
class Head;
//! NG1076: Bilinear takes the output of the layer before it and that of an earlier layer, which From names, but none is named: write From = "…"; vectors come from 'fc1', 'relu1', 'fc2'
//! NG1076: Bilinear takes the output of the layer before it and that of an earlier layer, which From names, but 'later' stands behind it
//! NG1013: Bilinear's from takes the name of a layer, such as "fc1", but the text "" was given
//! NG1076: Bilinear takes the output of the layer before it and that of an earlier layer, which From names, but 'conv' gives the feature map (4, 3, 3), and both must be vectors: name a Flatten behind it
//! NG1076: Bilinear takes the output of the layer before it and that of an earlier layer, which From names, but no layer in front of it is called 'fc'; vectors come from 'encoder.flatten1', 'encoder.fc', 'encoder.relu1', 'encoder', 'sequential2.linear1', 'sequential2.bilinear1', 'sequential2', 'bilinear1', 'bilinear2'
//! NG1004: Bilinear expects a vector of features, but the network's input gives the feature map (4, 3, 3); put Flatten in front of it (4 × 3 × 3 = 36 features)
//! NG1076: Bilinear takes the output of the layer before it and that of an earlier layer, which From names, but no layer in front of it is called 'none'; no layer in front of it gives a vector
