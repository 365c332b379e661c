using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.NormalizeLayer))]

namespace NetGen.Generator.Layers;

/// <summary>PyTorch's <c>torch.nn.functional.normalize</c>.</summary>
/// <param name="P">Which norm.</param>
/// <param name="Dim">Along which dimension; 0 is the batch, −1 the last.</param>
internal sealed record NormalizeSpec(string Name, double P, int Dim, float Eps) : LayerSpec(Name);

/// <summary>Vectors divided by their norms.</summary>
internal sealed class NormalizeLayer() : UnaryLayer<NormalizeSpec>("NetGen.NormalizeAttribute")
{
    private const float UsualEps = 1e-12f;

    public override bool KeepsShape(LayerSpec spec) => true;

    protected override string TypeName(NormalizeSpec spec) => "Normalize";

    public override LayerSpec Read(LayerArguments arguments, string name) => new NormalizeSpec(name, arguments.Double("p", 2),
        arguments.OptionalInt("dim") ?? 1, (float)arguments.Double("eps", UsualEps));

    protected override TensorShape Infer(NormalizeSpec spec, TensorShape input, LayerContext context)
    {
        if (spec.P != 2)
        {
            context.Report(DiagnosticDescriptors.ConstantOutOfRange, "p", context.DisplayName, "p",
                "2, the Euclidean norm, the only one that it has", MessageText.Fraction(spec.P));
        }
        Epsilon.Check(spec.Eps, context);
        if (!input.IsUnknown)
            Reshape.RequireDimension(Reshape.Dimension(spec.Dim, input), spec.Dim, "dim", "dim", input, context);
        return input;
    }

    protected override string Title(NormalizeSpec spec, TensorShape input)
    {
        string options = (spec.Dim == 1 ? "" : $", dim {Invariant.Text(spec.Dim)}") + Epsilon.Option(spec.Eps, UsualEps);
        return options.Length == 0 ? "Normalize" : $"Normalize({options.Substring(2)})";
    }

    protected override long MultiplyAdds(NormalizeSpec spec, TensorShape input, TensorShape output) => input.Size;

    protected override Value Lower(NormalizeSpec spec, InferredLayer layer, Value input, GraphBuilder builder)
        => builder.Add(layer, new NormalizeOp(Reshape.Dimension(spec.Dim, layer.Input) - 1, spec.Eps), [input]);
}
