using NetGen.Generator.Functions;
using NetGen.Generator.Functions.Activations;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;

namespace NetGen.Conformance.Tests.Functions;

/// <summary>Element functions with their settings, and numbers to try them on: for every machine that computes them.</summary>
internal static class ElementFunctionTable
{
    /// <summary>By the words of the golden files.</summary>
    public static IReadOnlyDictionary<string, Activation> Activations { get; } = new Dictionary<string, Activation>
    {
        ["relu"] = Activation.ReLU,
        ["sigmoid"] = Activation.Sigmoid,
        ["tanh"] = Activation.Tanh,
        ["gelu"] = Activation.GELU,
        ["gelutanh"] = Activation.GELUTanh,
        ["leakyrelu"] = new LeakyReLUActivation(0.01f),
        ["leakyrelu:-0.5"] = new LeakyReLUActivation(-0.5f),
        ["elu"] = new ELUActivation(1),
        ["elu:-2"] = new ELUActivation(-2),
        ["selu"] = new SELUActivation(),
        ["silu"] = new SiLUActivation(),
        ["exp"] = new ExpActivation(),
        ["mish"] = new MishActivation(),
        ["hardswish"] = new HardswishActivation(),
        ["hardsigmoid"] = new HardsigmoidActivation(),
        ["relu6"] = new HardtanhActivation(0, 6, IsReLU6: true),
        ["hardtanh"] = new HardtanhActivation(-1, 1, IsReLU6: false),
        ["hardtanh:-0.5,2"] = new HardtanhActivation(-0.5f, 2, IsReLU6: false),
        ["softplus"] = new SoftplusActivation(1, 20),
        ["softplus:2.5,4"] = new SoftplusActivation(2.5f, 4),
        ["addc:0.75"] = new ConstantActivation(BinaryFunction.Add, 0.75f),
        ["subc:1.25"] = new ConstantActivation(BinaryFunction.Sub, 1.25f),
        ["mulc:-0.5"] = new ConstantActivation(BinaryFunction.Mul, -0.5f),
        ["divc:1.5"] = new ConstantActivation(BinaryFunction.Div, 1.5f),
        ["maximumc:-0.25"] = new ConstantActivation(BinaryFunction.Maximum, -0.25f),
        ["minimumc:0.5"] = new ConstantActivation(BinaryFunction.Minimum, 0.5f),
    };

    /// <summary>By the words of the golden files, without the reduction.</summary>
    public static IReadOnlyDictionary<string, LossSpec> Losses { get; } = new Dictionary<string, LossSpec>
    {
        ["mse"] = new MSELossSpec(LossReduction.Sum),
        ["l1"] = new L1LossSpec(LossReduction.Sum),
        ["huber"] = new HuberLossSpec(LossReduction.Sum, 1),
        ["huber:d=0.2"] = new HuberLossSpec(LossReduction.Sum, 0.2),
        ["smoothl1"] = new SmoothL1LossSpec(LossReduction.Sum, 1),
        ["smoothl1:b=0.3"] = new SmoothL1LossSpec(LossReduction.Sum, 0.3),
        ["bce"] = new BCELossSpec(LossReduction.Sum, EquatableArray<float>.Empty),
        ["bcelogits"] = new BCEWithLogitsLossSpec(LossReduction.Sum, EquatableArray<float>.Empty, EquatableArray<float>.Empty),
        ["bcelogits:w=0.7,p=3"] = new BCEWithLogitsLossSpec(
            LossReduction.Sum, new[] { 0.7f }.ToEquatableArray(), new[] { 3f }.ToEquatableArray()),
        ["kl"] = new KLDivLossSpec(LossReduction.Sum, LogTarget: false),
        ["kl:log"] = new KLDivLossSpec(LossReduction.Sum, LogTarget: true),
    };

    /// <summary>Where functions change their form, and numbers of every size.</summary>
    public static float[] Numbers { get; } =
    [
        .. Enumerable.Range(-400, 801).Select(i => i / 30f), .. Enumerable.Range(-60, 121).Select(i => i * 2f),
        0f, -0f, 1e-30f, -1e-30f, 1e-8f, -1e-8f, 1e-4f, -1e-4f, 87.5f, -87.5f, 88.8f, -88.8f, 1e4f, -1e4f, 1e30f, -1e30f,
        float.MaxValue, float.MinValue, float.Epsilon, -float.Epsilon, float.NaN, float.PositiveInfinity, float.NegativeInfinity,
    ];

    public static ElementLoss ElementOf(LossSpec spec)
        => ((ElementwiseLossOp)LossRegistry.For(spec).CreateOp(spec, [TensorShape.Vector(1)])).Element;
}
