[Network(64)]
[{|NG1004:Conv2d(1, 4, 3)|}, Softmax, Flatten]
[{|NG1004:MaxPool2d(2)|}, Flatten, Linear(4), ReLU]
[{|NG1004:Dropout2d|}, {|NG1004:AvgPool2d(2)|}]
partial class Net;
//! NG1004: Conv2d expects a feature map (channels, height, width), but the network's input gives the vector (64); write [Network(1, 8, 8)]
//! NG1004: MaxPool2d expects a feature map (channels, height, width), but the preceding Flatten gives the vector (?); put it before Flatten, or give the network an input of (channels, height, width)
//! NG1004: Dropout2d expects a feature map (channels, height, width), but the preceding ReLU gives the vector (4); write Dropout, or give it a feature map
//! NG1004: AvgPool2d expects a feature map (channels, height, width), but the preceding Dropout2d gives the vector (4); put it before Flatten, or give the network an input of (channels, height, width)
