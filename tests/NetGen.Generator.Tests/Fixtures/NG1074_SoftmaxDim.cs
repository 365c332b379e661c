[Network(9, 5)]
[Softmax(Dim = 1), Softmax(Dim = -2), Softmax(Dim = {|NG1074:2|}), Softmax(Dim = {|NG1074:-1|}), Softmax(Dim = {|NG1068:3|})]
[Softmax(Dim = {|NG1068:0|}), Mean(1), Softmax(Dim = 1), Softmax(Dim = -1), Softmax]
partial class Net;

[Network(9, 5)]
[{|NG1004:Softmax|}]
partial class Unsaid;
//! NG1074: Softmax's dim must be 1, the positions (over the features of each there is none), but is 2
//! NG1074: Softmax's dim must be 1, the positions (over the features of each there is none), but is −1
//! NG1068: Softmax's dim of 3 must lie between 1 and 2 (or −2 and −1), the batch being 0 (the preceding Softmax gives the sequence (9, 5))
//! NG1068: Softmax's dim of 0 is the batch, which keeps its own dimension (the preceding Softmax gives the sequence (9, 5))
//! NG1004: Softmax expects a vector of features, but the network's input gives the sequence (9, 5); put Flatten in front of it (9 × 5 = 45 features)
