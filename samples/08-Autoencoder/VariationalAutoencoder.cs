namespace NetGen.Samples;

/// <summary>
/// Says of an image where in a plane it lies, and how surely, and paints it again from a point drawn there (Kingma, Welling: Auto-encoding
/// variational Bayes, 2014). The noise that draws the point is an input, so that the network is a function of what it is given.
/// </summary>
[Network]
[Input("image", 1, 28, 28), Sequential<Encoder>(Name = "encoder"), Linear(2), Output("mu")]
[From("encoder"), Linear(2), Softplus, Output("sigma")]
[Input("noise", 2), Mul("sigma"), Add("mu"), Sequential<Decoder>(Name = "decoder"), Output("picture")]
internal sealed partial class VariationalAutoencoder;

/// <summary>The end of <see cref="VariationalAutoencoder"/>: the picture of a point.</summary>
[Network(2)]
[Sequential<Decoder>(Name = "decoder"), Sigmoid]
internal sealed partial class Painter;
