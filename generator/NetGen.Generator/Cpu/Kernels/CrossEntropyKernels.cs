using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>Kernels of the losses over classes, one row of scores for each sample.</summary>
/// <remarks>
/// With the log-softmax p and a target a, a number for each class, the loss is −Σ a p = Σa · log Σ exp(x) − Σ a x, and its derivative
/// softmax(x) · Σa − a. A label's target is its class's weight; smoothing by ε scales it by 1 − ε and gives every class ε / classes
/// times its weight besides.
/// </remarks>
internal static class CrossEntropyKernels
{
    private const string Remarks = "scale is 1 over what the batch's sum is divided by. "
        + "The largest logit is subtracted first, so that the exponential cannot overflow.";

    /// <summary>Loss of each sample from its label, and the gradient of the reduced loss with respect to the logits.</summary>
    /// <param name="areRows">The rows are one sample's positions, whose losses add up.</param>
    public static Kernel Labels(string title, CrossEntropyLossSpec spec, Layout input, Layout gradient, bool areRows)
    {
        bool weighted = spec.Weight.Count > 0, smoothed = spec.LabelSmoothing > 0;
        string formula = smoothed
            ? "loss = Σa log Σ exp(logit) − Σ a · logit with the smoothed label a; gradient = (softmax · Σa − a) · scale."
            : weighted
                ? "loss = weight[label] (log Σ exp(logit) − logit[label]); gradient = weight[label] (softmax − one-hot) · scale."
                : "loss = log Σ exp(logit) − logit[label]; gradient = (softmax − one-hot) · scale.";
        return new("CrossEntropyLoss", $"{title} over {Literals.Int(input.Channels)} classes: {formula}", Remarks + OfRows(areRows),
            [Floats("logits"), LossParameters.Labels, Floats("outputGradient"), LossParameters.Losses, LossParameters.Scale, Samples],
            (writer, isa, names) =>
        {
            int features = input.Channels, padded = Layout.RoundUp(features);
            if (weighted)
                writer.Line($"ReadOnlySpan<float> weights = {ElementwiseLossKernel.Table(spec.Weight)};");
            using RowLosses losses = new(writer, areRows);
            using (writer.Block($"for (int n = 0; n < samples; n++, logits += {Literals.Int(input.SampleStride)}, "
                + $"outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                writer.Line("int label = labels[n];");
                EmitIgnore(writer, spec.IgnoreIndex, padded, areRows);
                RowKernels.EmitExponentials(writer, isa, names, features, "logits", "outputGradient");
                if (smoothed)
                {
                    EmitSmoothed(writer, isa, spec, features, padded, losses);
                }
                else
                {
                    string step = weighted ? "step" : "scale";
                    writer.Line(losses.Take($"{(weighted ? "weights[label] * (" : "")}Math.Log(sum) "
                        + $"+ ((double)largest - logits[label]){(weighted ? ")" : "")}"));
                    if (weighted)
                        writer.Line("float step = scale * weights[label];");
                    writer.Line($"{isa.Type} factor = {isa.Broadcast($"(float)({step} / sum)")};");
                    using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
                        writer.Line(isa.Store($"({isa.Load("outputGradient + i")} * factor)", "outputGradient + i"));
                    writer.Line($"outputGradient[label] -= {step};");
                }
                RowKernels.EmitClear(writer, features, padded, "outputGradient");
            }
        });
    }

    /// <summary>The label with its share, and every class with its own.</summary>
    private static void EmitSmoothed(
        SourceWriter writer, VectorIsa isa, CrossEntropyLossSpec spec, int features, int padded, RowLosses losses)
    {
        bool weighted = spec.Weight.Count > 0;
        string kept = Literals.Float((float)(1 - spec.LabelSmoothing)), share = Literals.Float((float)(spec.LabelSmoothing / features));
        string everyClass = Literals.Float(
            (float)(spec.LabelSmoothing / features * (weighted ? spec.Weight.Sum(w => (double)w) : features)));
        string each = weighted ? $"{isa.Static}.Create(weights.Slice(i, {Literals.Int(isa.Lanes)})) * share" : "share";
        int whole = weighted ? padded : features / isa.Lanes * isa.Lanes;

        writer.Line("// The label's own part of the target, and that of all classes together.");
        writer.Line($"float own = {kept}{(weighted ? " * weights[label]" : "")}, total = own + {everyClass};");
        writer.Line($"{isa.Type} share = {isa.Broadcast(share)};");
        string ofLanes = new LongSum(writer, isa, "lanes").OverVectors(whole, isa.Lanes,
            () => writer.Line($"lanes += {each} * ({isa.Load("logits + i")} - shift);"));
        writer.Line($"double products = {ofLanes} + own * ((double)logits[label] - largest);");
        if (whole < features)
        {
            writer.Line($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(features)}; i++)");
            using (writer.Indent())
                writer.Line($"products += {share} * ((double)logits[i] - largest);");
        }
        writer.Line(losses.Take("total * Math.Log(sum) - products"));
        writer.Line($"{isa.Type} factor = {isa.Broadcast("(float)(total / sum * scale)")}, step = {isa.Broadcast("scale")};");
        using (writer.Block($"for (int i = 0; i < {Literals.Int(padded)}; i += {Literals.Int(isa.Lanes)})"))
            writer.Line(isa.Store($"({isa.Load("outputGradient + i")} * factor - {each} * step)", "outputGradient + i"));
        writer.Line("outputGradient[label] -= own * scale;");
    }

    /// <summary>The same with a distribution over the classes as target.</summary>
    public static Kernel Probabilities(string title, CrossEntropyLossSpec spec, Layout input, Layout gradient)
    {
        bool weighted = spec.Weight.Count > 0, smoothed = spec.LabelSmoothing > 0;
        string target = smoothed ? "the smoothed target" : "the target";
        return new("CrossEntropyLossOfProbabilities",
            $"{title} over {Literals.Int(input.Channels)} classes, targets being probabilities: loss = Σa log "
            + $"Σ exp(logit) − Σ a · logit with {target} a{(weighted ? " times the weights" : "")}; gradient = (softmax · Σa − a) · scale.",
            Remarks,
            [Floats("logits"), LossParameters.Target, Floats("outputGradient"), LossParameters.Losses, LossParameters.Scale, Samples],
            (writer, isa, names) =>
        {
            int features = input.Channels;
            string kept = Literals.Float((float)(1 - spec.LabelSmoothing)), share = Literals.Float((float)(spec.LabelSmoothing / features));
            string vector = isa.Load("target + i"), scalar = "target[i]";
            if (smoothed)
                (vector, scalar) = ($"({vector} * {isa.Broadcast(kept)} + {isa.Broadcast(share)})", $"({scalar} * {kept} + {share})");
            if (weighted)
            {
                vector += $" * {isa.Static}.Create(weights.Slice(i, {Literals.Int(isa.Lanes)}))";
                scalar += " * weights[i]";
                writer.Line($"ReadOnlySpan<float> weights = {ElementwiseLossKernel.Table(spec.Weight)};");
            }
            using (writer.Block($"for (int n = 0; n < samples; n++, logits += {Literals.Int(input.SampleStride)}, "
                + $"target += {Literals.Int(features)}, outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                RowKernels.EmitExponentials(writer, isa, names, features, "logits", "outputGradient");
                EmitProbabilitiesLoss(writer, isa, features, vector, scalar);
                EmitProbabilitiesGradient(writer, isa, features, vector, scalar);
                RowKernels.EmitClear(writer, features, Layout.RoundUp(features), "outputGradient");
            }
        });
    }

    /// <summary>Σa · log Σ exp(x) − Σ a x, of which the exponentials' sum is there.</summary>
    /// <param name="vector">The targets a of neighbouring classes; <paramref name="scalar"/> of one.</param>
    private static void EmitProbabilitiesLoss(SourceWriter writer, VectorIsa isa, int features, string vector, string scalar)
    {
        int whole = features / isa.Lanes * isa.Lanes;
        writer.Line("double total = 0, products = 0;");
        if (whole > 0)
        {
            IReadOnlyList<string> sums = new LongSum(writer, isa, "totals", "lanes").AllOverVectors(whole, isa.Lanes, () =>
            {
                writer.Line($"{isa.Type} a = {vector};");
                writer.Line("totals += a;");
                writer.Line($"lanes += a * ({isa.Load("logits + i")} - shift);");
            });
            writer.Line($"total += {sums[0]};");
            writer.Line($"products += {sums[1]};");
        }
        if (whole < features)
        {
            using (writer.Block($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(features)}; i++)"))
            {
                writer.Line($"float a = {scalar};");
                writer.Line("total += a;");
                writer.Line("products += (double)a * (logits[i] - largest);");
            }
        }
        writer.Line("losses[n] = total * Math.Log(sum) - products;");
    }

    /// <summary>softmax(x) · Σa − a, from the exponentials, which lie where it is stored.</summary>
    private static void EmitProbabilitiesGradient(SourceWriter writer, VectorIsa isa, int features, string vector, string scalar)
    {
        int whole = features / isa.Lanes * isa.Lanes;
        writer.Line("float ofSoftmax = (float)(total / sum) * scale;");
        if (whole > 0)
        {
            writer.Line($"{isa.Type} factor = {isa.Broadcast("ofSoftmax")}, step = {isa.Broadcast("scale")};");
            using (writer.Block($"for (int i = 0; i < {Literals.Int(whole)}; i += {Literals.Int(isa.Lanes)})"))
                writer.Line(isa.Store($"({isa.Load("outputGradient + i")} * factor - {vector} * step)", "outputGradient + i"));
        }
        if (whole < features)
        {
            writer.Line($"for (int i = {Literals.Int(whole)}; i < {Literals.Int(features)}; i++)");
            using (writer.Indent())
                writer.Line($"outputGradient[i] = outputGradient[i] * ofSoftmax - {scalar} * scale;");
        }
    }

    /// <summary>−weight · output[label], for outputs that are log-probabilities.</summary>
    /// <param name="areRows">The rows are one sample's positions, whose losses add up.</param>
    public static Kernel NegativeLikelihood(string title, NLLLossSpec spec, Layout input, Layout gradient, bool areRows)
    {
        bool weighted = spec.Weight.Count > 0;
        string weight = weighted ? "weight[label] · " : "";
        return new("NLLLoss", $"{title} over {Literals.Int(input.Channels)} classes: loss = −{weight}output[label]; "
            + $"gradient = −{weight}scale at the label.",
            "scale is 1 over what the batch's sum is divided by." + OfRows(areRows),
            [Floats("output"), LossParameters.Labels, Floats("outputGradient"), LossParameters.Losses, LossParameters.Scale, Samples],
            (writer, _, _) =>
        {
            int padded = Layout.RoundUp(input.Channels);
            if (weighted)
                writer.Line($"ReadOnlySpan<float> weights = {ElementwiseLossKernel.Table(spec.Weight, exact: true)};");
            using RowLosses losses = new(writer, areRows);
            using (writer.Block($"for (int n = 0; n < samples; n++, output += {Literals.Int(input.SampleStride)}, "
                + $"outputGradient += {Literals.Int(gradient.SampleStride)})"))
            {
                writer.Line("int label = labels[n];");
                EmitIgnore(writer, spec.IgnoreIndex, padded, areRows);
                writer.Line($"new Span<float>(outputGradient, {Literals.Int(padded)}).Clear();");
                writer.Line(losses.Take($"-{(weighted ? "weights[label] * " : "")}(double)output[label]"));
                writer.Line($"outputGradient[label] = -{(weighted ? "weights[label] * " : "")}scale;");
            }
        });
    }

    private static string OfRows(bool areRows) => areRows ? " Positions of one sample, whose losses add up." : "";

    /// <summary>A sample that is ignored has no loss and sends nothing back.</summary>
    private static void EmitIgnore(SourceWriter writer, int ignoreIndex, int padded, bool areRows)
    {
        using (writer.Block($"if (label == {Literals.Int(ignoreIndex)})"))
        {
            if (!areRows)
                writer.Line("losses[n] = 0;");
            writer.Line($"new Span<float>(outputGradient, {Literals.Int(padded)}).Clear();");
            writer.Line("continue;");
        }
    }
}
