[Network(8, 2, 6)]
[ConvTranspose2d(4, 3, Padding = {|NG1045:2|})]
partial class Rows;

[Network(8, 2, 2)]
[ConvTranspose2d(4, 2, Stride = 2, Padding = {|NG1045:3|})]
partial class Both;

[Network(8, 2, 2)]
[ConvTranspose2d(4, 3, Stride = {|NG1011:2147483647|}, Padding = 1)]
partial class TooLarge;
//! NG1045: ConvTranspose2d's padding leaves no rows of its output (the network's input gives the feature map (8, 2, 6)): out = (2 − 1)·1 − 2·2 + 1·(3 − 1) + 0 + 1 = 0
//! NG1045: ConvTranspose2d's padding leaves no rows and columns of its output (the network's input gives the feature map (8, 2, 2)): out = (2 − 1)·2 − 2·3 + 1·(2 − 1) + 0 + 1 = −2
//! NG1011: The output of ConvTranspose2d is too large: out = (2 − 1)·2147483647 − 2·1 + 1·(3 − 1) + 0 + 1 = 2147483648 rows and columns, more than the limit of 2147483647
