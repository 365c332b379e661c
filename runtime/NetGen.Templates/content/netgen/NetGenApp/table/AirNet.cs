using NetGen;

namespace NetGenSpace;

/// <summary>
/// Computes the last column of the table from the others. The attributes are the layers, in their order: the build checks that they fit
/// together and writes the code. Change a number and see what the build says.
/// </summary>
/// <remarks>
/// The first layer takes the mean of each column off and divides by its spread, which it learns with the rest and keeps in the file: so
/// columns come as they are, in degrees or percent.
/// </remarks>
[Network(3)]
[BatchNorm1d(Affine = false)]
[Linear(3, 32), Tanh]
[Linear(32, 16), Tanh]
[Linear(1)]
[MSELoss]
public sealed partial class AirNet;
