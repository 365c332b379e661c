namespace NetGen;

/// <summary>
/// Declares how the parameters of a network, or of layers in it, are drawn when a network is made. It stands anywhere on a class marked
/// <c>[Network]</c> or <c>[Block]</c> and is no layer. What no attribute takes has PyTorch's default.
/// </summary>
/// <remarks>
/// Without a path, and with the path of a block, the weights of two and more dimensions are drawn and biases become 0; weights of one
/// dimension, such as the scale of a normalisation, keep PyTorch's default. The path of a layer stands for its weight, whatever its
/// dimensions, while its bias becomes 0; the path of a parameter for just that. Where several attributes take a parameter, the one with the
/// longest path decides; where two are as long, that of the network over that of the block. A block's paths begin in the block.
/// </remarks>
/// <example>
/// <code>
/// [Network(1, 28, 28)]
/// [Initialize(Init.KaimingNormal, Mode = FanMode.FanOut)]
/// [Initialize(Init.XavierUniform, "linear2")]
/// [Initialize(Init.Constant, "linear2.bias", Value = -2)]
/// [Conv2d(1, 32, 3), ReLU, Flatten, Linear(64), ReLU, Linear(10)]
/// public sealed partial class Net;
/// </code>
/// </example>
/// <param name="scheme">The scheme; its numbers are properties of the attribute.</param>
/// <param name="paths">
/// Names of layers (<c>conv1</c>), blocks (<c>residual1</c>), layers in blocks (<c>residual1.conv2</c>) or parameters
/// (<c>linear2.bias</c>), as they stand in files; none for all.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class InitializeAttribute(Init scheme, params string[] paths) : Attribute
{
    /// <summary>The scheme.</summary>
    public Init Scheme { get; } = scheme;

    /// <summary>What is drawn; empty for all.</summary>
    public string[] Paths { get; } = paths;

    /// <summary>The value of <see cref="Init.Constant"/>, 0 by default.</summary>
    public double Value { get; set; }

    /// <summary>The mean of <see cref="Init.Normal"/> and <see cref="Init.TruncatedNormal"/>, 0 by default.</summary>
    public double Mean { get; set; }

    /// <summary>The standard deviation of <see cref="Init.Normal"/> and <see cref="Init.TruncatedNormal"/>, 1 by default.</summary>
    public double StandardDeviation { get; set; } = 1;

    /// <summary>
    /// The smallest value of <see cref="Init.Uniform"/>, 0 by default, and of <see cref="Init.TruncatedNormal"/>, −2 by default.
    /// </summary>
    public double Minimum { get; set; }

    /// <summary>
    /// The largest value of <see cref="Init.Uniform"/>, 1 by default, and of <see cref="Init.TruncatedNormal"/>, 2 by default.
    /// </summary>
    public double Maximum { get; set; }

    /// <summary>What the Xavier schemes and <see cref="Init.Orthogonal"/> multiply by, 1 by default.</summary>
    public double Gain { get; set; } = 1;

    /// <summary>Which fan the Kaiming schemes keep the variance for.</summary>
    public FanMode Mode { get; set; }

    /// <summary>What follows the layer, from which the Kaiming schemes take their gain; ReLU by default.</summary>
    public Nonlinearity Nonlinearity { get; set; } = Nonlinearity.ReLU;

    /// <summary>The slope of <see cref="Nonlinearity.LeakyReLU"/> below 0 for the Kaiming schemes, 0.01 by default.</summary>
    public double NegativeSlope { get; set; } = 0.01;
}

/// <summary>A scheme of <see cref="InitializeAttribute"/>; the formulas are those of <see cref="Initialization"/>.</summary>
public enum Init
{
    /// <summary>PyTorch's default for the layer: <see cref="Initialization.PyTorchDefault"/>.</summary>
    PyTorchDefault,

    /// <summary>Uniform from <c>Minimum</c> to <c>Maximum</c>: <see cref="Initialization.CreateUniform"/>.</summary>
    Uniform,

    /// <summary>Normal with <c>Mean</c> and <c>StandardDeviation</c>: <see cref="Initialization.CreateNormal"/>.</summary>
    Normal,

    /// <summary>Normal within <c>Minimum</c> and <c>Maximum</c>: <see cref="Initialization.CreateTruncatedNormal"/>.</summary>
    TruncatedNormal,

    /// <summary>One <c>Value</c>: <see cref="Initialization.CreateConstant"/>.</summary>
    Constant,

    /// <summary>Uniform for both fans, with <c>Gain</c>: <see cref="Initialization.CreateXavierUniform"/>.</summary>
    XavierUniform,

    /// <summary>Normal for both fans, with <c>Gain</c>: <see cref="Initialization.CreateXavierNormal"/>.</summary>
    XavierNormal,

    /// <summary>Uniform for one fan, with <c>Mode</c> and <c>Nonlinearity</c>: <see cref="Initialization.CreateKaimingUniform"/>.</summary>
    KaimingUniform,

    /// <summary>Normal for one fan, with <c>Mode</c> and <c>Nonlinearity</c>: <see cref="Initialization.CreateKaimingNormal"/>.</summary>
    KaimingNormal,

    /// <summary>Orthogonal rows or columns, with <c>Gain</c>: <see cref="Initialization.CreateOrthogonal"/>.</summary>
    Orthogonal,
}
