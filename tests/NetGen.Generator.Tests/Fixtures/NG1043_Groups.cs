[Network(6, 9, 9)]
[Conv2d(6, 8, 3, Groups = {|NG1043:4|})]
[Conv2d(9, 3, Groups = {|NG1043:2|})]
[Conv2d(12, 3, Groups = 3)]
partial class Net;

[Network(6, 9)]
[Conv1d(6, 9, 3, 1, 1, 1, {|NG1043:{|NG1043:5|}|})]
[Conv1d(9, 3, Groups = {|NG1005:0|})]
partial class Sequence;
//! NG1043: Conv2d cannot divide its 6 input channels among 4 groups: 6 = 4·1 + 2
//! NG1043: Conv2d cannot divide its 9 output channels among 2 groups: 9 = 2·4 + 1
//! NG1043: Conv1d cannot divide its 6 input channels among 5 groups: 6 = 5·1 + 1
//! NG1043: Conv1d cannot divide its 9 output channels among 5 groups: 9 = 5·1 + 4
//! NG1005: Conv1d's number of groups must be at least 1, but is 0
