[Network(1, 9, 9)]
[Conv2d(1, 4, 3, 2, Stride = {|NG2020:1|}), Conv2d(4, 4, 3, padding: 1, Padding = {|NG2020:2|})]
[Flatten, Linear(4, 4, true, Bias = {|NG2020:false|})]
public partial class Net;
//! NG2020: Conv2d's Stride is given twice: keep the argument of the constructor or Stride = …, not both
//! NG2020: Conv2d's Padding is given twice: keep the argument of the constructor or Padding = …, not both
//! NG2020: Linear's Bias is given twice: keep the argument of the constructor or Bias = …, not both
