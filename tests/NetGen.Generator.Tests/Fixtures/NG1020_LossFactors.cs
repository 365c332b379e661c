[Network(4)]
[Linear(3), CrossEntropyLoss(Weight = {|NG1020:new[] { 1f, 2f }|})]
partial class Classes;

[Network(3)]
[Dropout, NLLLoss(Weight = {|NG1020:[1f]|})]
partial class OneForAllClasses;

[Network(4)]
[Linear(3), Sigmoid, BCELoss(Weight = {|NG1020:[1f, 2f]|})]
partial class Features;

[Network(2, 4, 4)]
[Conv2d(3, 3), BCEWithLogitsLoss(Weight = [2f], PosWeight = {|NG1020:[1f, 2f]|})]
partial class Channels;

[Network(2, 4, 4)]
[Conv2d(3, 3), BCEWithLogitsLoss(Weight = [2f, 1f, 0.5f], PosWeight = [3f])]
partial class Right;
//! NG1020: CrossEntropyLoss's Weight has 2 values, but needs one for each class, 3: the preceding Linear gives the vector (3)
//! NG1020: NLLLoss's Weight has 1 value, but needs one for each class, 3: the preceding Dropout gives the vector (3)
//! NG1020: BCELoss's Weight has 2 values, but needs one for all, or one for each output, 3: the preceding Sigmoid gives the vector (3)
//! NG1020: BCEWithLogitsLoss's PosWeight has 2 values, but needs one for all, or one for each channel, 3: the preceding Conv2d gives the feature map (3, 2, 2)
