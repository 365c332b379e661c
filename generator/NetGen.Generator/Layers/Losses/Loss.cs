using Microsoft.CodeAnalysis;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers.Losses;

/// <summary>
/// One kind of loss and all that the generator knows about it. One family of losses is one file in this folder, with attribute → spec,
/// the check against the network's output, what <c>Step</c> takes as target, and the node that computes it. <see cref="LossRegistry"/>
/// finds them.
/// </summary>
/// <param name="typeName">The loss as the user writes it, e.g. <c>MSELoss</c>.</param>
internal abstract class Loss(string typeName)
{
    public string TypeName { get; } = typeName;

    /// <summary>Full metadata name of the attribute that declares it.</summary>
    public string AttributeName => $"NetGen.{TypeName}Attribute";

    /// <summary>The spec that <see cref="Read"/> gives.</summary>
    public abstract Type SpecType { get; }

    /// <summary>
    /// The arguments that name the outputs it is of, one for each. Those of losses with targets may be left out; none is needed where the
    /// network has one output only.
    /// </summary>
    public virtual IReadOnlyList<string> OutputArguments => ["of"];

    /// <summary>What it compares, in words: behind the loss's name.</summary>
    public virtual string Compares(LossSpec spec) => "compares an output with a target";

    /// <summary>From attribute to spec. Arguments that cannot be understood are reported to <paramref name="arguments"/>.</summary>
    public abstract LossSpec Read(LayerArguments arguments);

    /// <summary>Checks the arguments, and that the loss fits the network's output.</summary>
    public abstract void Check(LossSpec spec, LossContext context);

    /// <summary>It can be of positions of which each sample has a number of its own.</summary>
    public virtual bool TakesLengths => false;

    /// <summary>What is to be said of the layer that gives the loss its input; null where it fits, or where that cannot be told.</summary>
    /// <param name="given">What the layer's elements can be.</param>
    /// <param name="producer">The layer as the user writes it.</param>
    public virtual LossAdvice? Advise(OutputKind given, string producer) => null;

    /// <summary>The loss in the words of its declaration, e.g. <c>HuberLoss(delta 0.5)</c>.</summary>
    public abstract string Title(LossSpec spec);

    /// <summary>The forms in which <c>Step</c> and <c>Backward</c> take what the output is compared with: one overload each.</summary>
    /// <param name="outputs">Those that it is of; unknown where only the types are asked for.</param>
    public abstract IReadOnlyList<LossTarget> Targets(LossSpec spec, IReadOnlyList<TensorShape> outputs);

    /// <summary>The node that computes loss and gradients.</summary>
    /// <param name="outputs">Those that it is of.</param>
    public abstract LossOp CreateOp(LossSpec spec, IReadOnlyList<TensorShape> outputs);
}

/// <summary>A warning about a loss and the layer that gives its input.</summary>
/// <param name="IsAtProducer">It is shown at that layer, not at the loss.</param>
internal sealed record LossAdvice(DiagnosticDescriptor Descriptor, bool IsAtProducer, params string[] Arguments)
{
    /// <summary>The layer that belongs in front of the loss; null for none.</summary>
    public string? Insert { get; init; }
}

/// <summary>A kind of loss with its own type of spec.</summary>
internal abstract class Loss<TSpec>(string typeName) : Loss(typeName)
    where TSpec : LossSpec
{
    public sealed override Type SpecType => typeof(TSpec);

    public sealed override void Check(LossSpec spec, LossContext context) => Check((TSpec)spec, context);

    public sealed override string Title(LossSpec spec)
    {
        List<string> options = Options((TSpec)spec).ToList();
        if (spec.Reduction != LossReduction.Mean)
            options.Add(spec.Reduction == LossReduction.Sum ? "sum" : "batchmean");
        return options.Count == 0 ? TypeName : $"{TypeName}({string.Join(", ", options)})";
    }

    public sealed override IReadOnlyList<LossTarget> Targets(LossSpec spec, IReadOnlyList<TensorShape> outputs)
        => Targets((TSpec)spec, outputs);

    public sealed override LossOp CreateOp(LossSpec spec, IReadOnlyList<TensorShape> outputs) => CreateOp((TSpec)spec, outputs);

    protected virtual void Check(TSpec spec, LossContext context)
    {
    }

    /// <summary>What the declaration says beyond the defaults.</summary>
    protected virtual IEnumerable<string> Options(TSpec spec) => [];

    protected abstract IReadOnlyList<LossTarget> Targets(TSpec spec, IReadOnlyList<TensorShape> outputs);

    protected abstract LossOp CreateOp(TSpec spec, IReadOnlyList<TensorShape> outputs);

    /// <summary>PyTorch's <c>reduction</c>: the mean unless written otherwise.</summary>
    protected static LossReduction ReadReduction(LayerArguments arguments)
        => arguments.Choice("Reduction", "mean", "sum") == "sum" ? LossReduction.Sum : LossReduction.Mean;

    protected static string Number(double value) => MessageText.Fraction(value);

    protected static bool IsFinite(double value) => !double.IsNaN(value) && !double.IsInfinity(value);
}

/// <summary>A kind of loss that compares one output with a target, and sees no lists.</summary>
internal abstract class TargetLoss<TSpec>(string typeName) : Loss<TSpec>(typeName)
    where TSpec : LossSpec
{
    protected sealed override IReadOnlyList<LossTarget> Targets(TSpec spec, IReadOnlyList<TensorShape> outputs)
        => Targets(spec, outputs[0]);

    protected sealed override LossOp CreateOp(TSpec spec, IReadOnlyList<TensorShape> outputs) => CreateOp(spec, outputs[0]);

    protected abstract IReadOnlyList<LossTarget> Targets(TSpec spec, TensorShape output);

    protected abstract LossOp CreateOp(TSpec spec, TensorShape output);
}

/// <summary>What a loss sees while it is checked.</summary>
/// <param name="Outputs">Those that it is of; unknown where they are in error.</param>
internal sealed record LossContext(string TypeName, IReadOnlyList<LossOutput> Outputs, ICollection<Problem> Problems)
{
    /// <summary>The only or first output.</summary>
    public TensorShape Output => Outputs[0].Shape;

    /// <summary>What gives it.</summary>
    public string Source => Outputs[0].Source;

    /// <summary>Which of the losses it is.</summary>
    public string Place { get; init; } = ProblemPlace.LossAt(0);

    public void Report(DiagnosticDescriptor descriptor, string? argument, int? element, params string[] messageArguments)
        => Problems.Add(new Problem(descriptor, Place, argument, element, messageArguments.ToEquatableArray()));

    /// <summary>Reports NG1021 unless the argument's value is allowed.</summary>
    /// <param name="rule">What it must, e.g. <c>be above 0</c>.</param>
    public void Require(bool isAllowed, string argument, string rule, double value)
    {
        if (!isAllowed)
            Report(DiagnosticDescriptors.LossArgumentRange, argument, null, TypeName, argument, rule, MessageText.Fraction(value));
    }

    /// <summary>Reports NG1021 for factors that are no finite numbers.</summary>
    public void RequireFinite(string argument, EquatableArray<float> factors)
    {
        for (int i = 0; i < factors.Count; i++)
        {
            if (float.IsNaN(factors[i]) || float.IsInfinity(factors[i]))
                Report(DiagnosticDescriptors.LossArgumentRange, argument, i, TypeName, $"{argument}[{MessageText.Number(i)}]",
                    "be a finite number", MessageText.Fraction(factors[i]));
        }
    }

    /// <summary>Reports NG1020 unless there is one weight for each class, or none.</summary>
    public void RequireClassWeights(string argument, EquatableArray<float> weights)
    {
        RequireFinite(argument, weights);
        if (weights.Count == 0 || Output.IsUnknown || Output.Width == 0 || weights.Count == Output.Width)
            return;
        Report(DiagnosticDescriptors.LossFactorCount, argument, null, TypeName, argument, MessageText.Count(weights.Count, "value"),
            $"one for each class, {MessageText.Number(Output.Width)}", $"{Source} gives {Output.InWords}");
    }

    /// <summary>
    /// Reports NG1020 unless there is one factor for all outputs, or one for each (for each channel of an image), or none.
    /// </summary>
    public void RequireFactors(string argument, EquatableArray<float> factors)
    {
        RequireFinite(argument, factors);
        if (factors.Count > 1 && Output.HasLengths)
        {
            Report(DiagnosticDescriptors.LossFactorCount, argument, null, TypeName, argument, MessageText.Count(factors.Count, "value"),
                "one for all", $"{Source} gives {Output.InWords}");
            return;
        }
        if (factors.Count is 0 or 1 || Output.IsUnknown || Output.Channels == 0 || factors.Count == Output.Channels)
            return;
        Report(DiagnosticDescriptors.LossFactorCount, argument, null, TypeName, argument, MessageText.Count(factors.Count, "value"),
            $"one for all, or one for each {(Output.IsVector ? "output" : "channel")}, {MessageText.Number(Output.Channels)}",
            $"{Source} gives {Output.InWords}");
    }

    /// <summary>Reports NG1012 for outputs that are no vectors, and NG1088 for vectors of several lengths.</summary>
    public void RequireVectors()
    {
        for (int i = 0; i < Outputs.Count; i++)
        {
            if (!Outputs[i].Shape.IsUnknown && !Outputs[i].Shape.IsVector)
                ReportShape(Outputs.Count == 1 ? "a vector of features" : "vectors of features", i);
        }
        List<LossOutput> vectors = [.. Outputs.Where(output => output.Shape.IsVector && output.Shape.IsComplete)];
        if (vectors.Select(output => output.Shape.Features).Distinct().Count() > 1)
        {
            string[] lengths = [.. vectors.Select(output => $"{output.Source} has {MessageText.Number(output.Shape.Features)}")];
            Report(DiagnosticDescriptors.LossOutputs, null, null, TypeName, MessageText.List(lengths));
        }
    }

    /// <summary>Reports NG1012, with Flatten as the way out.</summary>
    /// <param name="expected">E.g. <c>a vector of class scores</c>.</param>
    /// <param name="output">Which of the outputs.</param>
    public void ReportShape(string expected, int output = 0)
    {
        (TensorShape shape, string source) = Outputs[output];
        Problems.Add(new Problem(DiagnosticDescriptors.LossShape, Place, null, null,
            new[] { TypeName, expected, source, shape.InWords, LayerContext.FlattenHint(shape) }.ToEquatableArray())
        {
            Fix = LayerContext.FlattenFix,
        });
    }
}

/// <summary>An output that a loss is of.</summary>
/// <param name="Source">What gives it, e.g. <c>the preceding Linear</c>.</param>
internal readonly record struct LossOutput(TensorShape Shape, string Source);
