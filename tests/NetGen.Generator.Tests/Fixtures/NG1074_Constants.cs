[Network(4)]
[Softplus({|NG1074:0|}), Softplus(Beta = {|NG1074:1e-60|}), Softplus(2, {|NG1074:double.NaN|}), Softplus(-0.5, 3)]
[Hardtanh({|NG1074:double.NegativeInfinity|}, 1), Hardtanh(1, {|NG1074:1|}), Hardtanh(minVal: 0.5, MaxVal = {|NG1074:-2|}), Hardtanh(0.5, 2)]
[LeakyReLU({|NG1074:1e60|}), LeakyReLU(-0.5), LeakyReLU(NegativeSlope = {|NG1074:double.NaN|}), ELU({|NG1074:double.PositiveInfinity|}), ELU(Alpha = -1)]
partial class Net;
//! NG1074: Softplus's beta must be a number to divide by, not 0, but is 0
//! NG1074: Softplus's beta must be a number to divide by, not 0, but is 0
//! NG1074: Softplus's threshold must be a finite number, but is NaN
//! NG1074: Hardtanh's minVal must be a finite number, but is −Infinity
//! NG1074: Hardtanh's maxVal must be above minVal = 1, but is 1
//! NG1074: Hardtanh's maxVal must be above minVal = 0.5, but is −2
//! NG1074: LeakyReLU's negativeSlope must be a finite number, but is Infinity
//! NG1074: LeakyReLU's negativeSlope must be a finite number, but is NaN
//! NG1074: ELU's alpha must be a finite number, but is Infinity
