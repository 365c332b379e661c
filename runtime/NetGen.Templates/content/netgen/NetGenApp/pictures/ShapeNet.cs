using NetGen;

namespace NetGenSpace;

/// <summary>
/// Tells what shape is on a grey picture. The attributes are the layers, in their order: the build checks that they fit together and writes
/// the code. Change a number and see what the build says.
/// </summary>
[Network(1, Shapes.Side, Shapes.Side)]
[Conv2d(8, 3, Padding = 1), ReLU, MaxPool2d(2)]
[Conv2d(16, 3, Padding = 1), ReLU, MaxPool2d(2)]
[Flatten, Linear(16 * 4 * 4, 32), ReLU]
[Linear(4)]
[CrossEntropyLoss]
public sealed partial class ShapeNet;
