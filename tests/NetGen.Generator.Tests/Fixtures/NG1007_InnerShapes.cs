// The same block fits at one place and not at the other.
[Network(8, 6, 6)]
[Residual<Eight>, Conv2d(4, 1), NetGen.Residual<{|NG1007:Eight|}>]
partial class Net;

[Block, Conv2d({|NG1002:8|}, 8, 3, Padding = 1), ReLU]
class Eight;
//! NG1007: Residual<Eight> adds its input to the output of Eight, so both must have the same shape, but the preceding Conv2d gives the feature map (4, 6, 6) and Eight turns it into the feature map (8, 6, 6); where that is meant, give it a second block that makes the same shape of the input, Residual<Eight, TShortcut>
//! NG1002: Conv2d 'residual2.conv1' expects 8 input channels, but the block's input gives 4: the feature map (4, 6, 6)
