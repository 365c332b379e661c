[Network(8)]
[Linear(6, Name = "shared"), ReLU, Linear(3), Output("kind"), From("shared"), Linear(4), Output("box")]
[{|NG1086:CrossEntropyLoss|}, MSELoss(Of = {|NG1086:"boxes"|}), L1Loss(Of = "box", Factor = {|NG1021:double.NaN|}), HuberLoss(Of = {|NG1086:"box"|})]
partial class Net;

[Network(8)]
[Linear(6), MSELoss(Of = {|NG1086:"out"|})]
partial class Single;
//! NG1086: CrossEntropyLoss compares an output with a target, but the network has 2 outputs: write Of = "…", one of 'kind', 'box'
//! NG1086: MSELoss compares an output with a target, but there is no output 'boxes'; there are 'kind', 'box'
//! NG1021: L1Loss's factor must be a finite number, but is NaN
//! NG1086: HuberLoss compares an output with a target, but another loss is of 'box' already: publish it twice, by two Output attributes, to give it two losses
//! NG1086: MSELoss compares an output with a target, but there is no output 'out'; there is 'output'
