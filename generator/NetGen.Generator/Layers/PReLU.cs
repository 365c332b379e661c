using System.Globalization;
using System.Numerics;
using NetGen.Generator.Cpu;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Parsing;
using NetGen.Generator.Passes;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>LeakyReLU with learned slopes.</summary>
internal sealed class PReLULayer() : Layer<PReLUSpec>("NetGen.PReLUAttribute")
{
    public override bool KeepsShape(LayerSpec spec) => true;

    public override bool HasParameters(LayerSpec spec) => true;

    public override IReadOnlyList<string> TensorNames(LayerSpec spec) => ["Weight"];

    protected override string TypeName(PReLUSpec spec) => "PReLU";

    public override LayerSpec Read(LayerArguments arguments, string name)
        => new PReLUSpec(name, arguments.OptionalInt("numParameters") ?? 1, (float)arguments.Double("init", 0.25));

    protected override TensorShape Infer(PReLUSpec spec, TensorShape input, LayerContext context)
    {
        context.RequireFinite(spec.Init, "init");
        if (context.RequireAtLeastOne(spec.Parameters, "numParameters", "number of parameters") > 1 && !input.IsUnknown && input.Dimensions[0] is > 0 and int channels && channels != spec.Parameters)
        {
            context.Report(DiagnosticDescriptors.PReLUParameters, "numParameters", context.DisplayName, MessageText.Count(channels, input.IsVector ? "feature" : "channel"), context.Source,
                MessageText.Number(spec.Parameters));
        }
        return input;
    }

    protected override BigInteger CountParameters(PReLUSpec spec, TensorShape input) => spec.Parameters;

    protected override IReadOnlyList<LayerParameter> Parameters(PReLUSpec spec, TensorShape input)
        => [new LayerParameter("weight", [spec.Parameters], ParameterRole.Weight, 1, 1) { InitialValue = spec.Init }];

    protected override string Title(PReLUSpec spec, TensorShape input)
        => $"PReLU({Literals.Int(spec.Parameters)}{(spec.Init == 0.25f ? "" : $", init {spec.Init.ToString("R", CultureInfo.InvariantCulture)}")})";

    protected override Value Lower(PReLUSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(new PReLUNode(GraphBuilder.NodeName(layer), GraphBuilder.Title(layer), builder.Parameter(layer, "weight")), layer, input);
}

internal sealed class PReLUNode(string name, string title, ParameterInfo weight) : Node(name, title)
{
    public ParameterInfo Weight { get; } = weight;

    public bool PerChannel => Weight.Length > 1;

    public override string Verb => "Forward";

    /// <summary>One slope for all does not care where an element lies.</summary>
    public override VectorOrder Order => PerChannel ? VectorOrder.Fixed : VectorOrder.Kept;

    public override void Differentiate(Differentiate pass, Value gradient)
    {
        pass.AddParameterGradient(new PReLUWeightGradientNode(this), gradient, Input);
        pass.Flow(Input, new PReLUGradientNode(this), gradient, Input);
    }

    public override void PackParameters(Graph graph, LayoutFacts facts) => Weight.PackAsVector();

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(PReLUKernels.Forward(selection.NameOf(this), selection.SummaryOf(this), PerChannel, Input.Layout, Output!.Layout), this,
            Input, KernelSelection.Parameter(Weight), Output);
}

/// <summary>Inputs: the output's gradient and the layer's input.</summary>
internal sealed class PReLUGradientNode(PReLUNode forward) : Node(forward.Name, forward.Title)
{
    public override string Verb => "InputGradient";

    public override void SelectKernels(KernelSelection selection)
        => selection.Call(PReLUKernels.InputGradient(selection.NameOf(this), selection.SummaryOf(this), forward.PerChannel, Input.Layout, Inputs[1].Layout, Output!.Layout), this,
            Input, Inputs[1], KernelSelection.Parameter(forward.Weight), Output);
}

/// <summary>Inputs: the output's gradient and the layer's input. Gives the gradient of the slopes.</summary>
internal sealed class PReLUWeightGradientNode(PReLUNode forward) : Node(forward.Name, forward.Title)
{
    public override string Verb => "WeightGradient";

    public override bool IsParameterGradient => true;

    public override void SelectKernels(KernelSelection selection)
        => selection.CallForParameters(PReLUKernels.WeightGradient(selection.NameOf(this), selection.SummaryOf(this), forward.PerChannel, Input.Layout, Inputs[1].Layout), this,
            Input, Inputs[1], KernelSelection.Gradient(forward.Weight));
}
