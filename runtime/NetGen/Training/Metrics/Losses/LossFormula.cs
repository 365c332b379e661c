namespace NetGen;

/// <summary>A declared loss, computed from outputs and targets by its definition, in double.</summary>
/// <param name="reduction">How the losses of a batch become one number.</param>
internal abstract class LossFormula(LossReduction reduction)
{
    /// <summary>Sums are not divided.</summary>
    public bool IsSum => Reduction == LossReduction.Sum;

    protected LossReduction Reduction { get; } = reduction;

    /// <summary>The formula of a declaration.</summary>
    /// <param name="loss">The declaration.</param>
    /// <param name="output">The output that it is of, or the first of several.</param>
    /// <param name="weight">Its factors, which the graph does not have; empty for none.</param>
    /// <param name="posWeight">Those of the positive part.</param>
    /// <exception cref="ArgumentException">There are factors too many, or not as many as are declared.</exception>
    /// <exception cref="NotSupportedException">The loss, or an option of it, is not known.</exception>
    public static LossFormula Of(
        LossDeclaration loss, NetworkPort output, IReadOnlyList<float> weight, IReadOnlyList<float> posWeight)
    {
        LossReduction reduction = loss.TakeReduction();
        int channels = output.Shape.Count == 0 ? 1 : output.Shape[0];
        LossFormula formula;
        switch (loss.Kind)
        {
            case "CrossEntropyLoss" or "NLLLoss":
                bool ofPositions = loss.Take("dim", 1) == -1 && output.Shape.Count > 1;
                int classes = ofPositions ? output.Shape[^1] : output.Size;
                float[] ofClasses = Factors(loss, "class weights", nameof(NetworkLoss.Weight), weight, classes);
                formula = new ClassLossFormula(
                    reduction, classes, ofClasses, (int)loss.Take("ignoring", -100), loss.Take("label smoothing", 0),
                    isOfLogits: loss.Kind == "CrossEntropyLoss");
                break;
            case "MSELoss" or "L1Loss" or "HuberLoss" or "SmoothL1Loss" or "BCELoss" or "BCEWithLogitsLoss" or "KLDivLoss":
                int most = output.Lengths is null ? channels : 1;
                float[] factors = Factors(loss, "weights", nameof(NetworkLoss.Weight), weight, 1, most);
                float[] positive = Factors(loss, "positive weights", nameof(NetworkLoss.PosWeight), posWeight, 1, most);
                formula = new ElementLossFormula(
                    reduction, ElementLossFormula.FunctionOf(loss), output, factors, positive, isBounded: loss.Kind == "BCELoss");
                break;
            case "CosineEmbeddingLoss":
                formula = new CosineLossFormula(reduction, loss.Of.Count > 1, loss.Take("margin", 0));
                break;
            case "ContrastiveLoss":
                formula = new ContrastiveLossFormula(reduction, loss.Take("temperature", 1));
                break;
            case "TripletMarginLoss":
                formula = new TripletLossFormula(
                    reduction, loss.Take("margin", 1), loss.Take("p", 2), loss.Take("eps", 1e-6), loss.Take("swap"));
                break;
            default:
                throw new NotSupportedException($"{loss} is a loss that this version of the runtime does not know.");
        }
        loss.ExpectAllTaken();
        if (formula is not (ClassLossFormula or ElementLossFormula) && weight.Count > 0)
            throw Unexpected(loss, nameof(NetworkLoss.Weight));
        if (formula is not ElementLossFormula && posWeight.Count > 0)
            throw Unexpected(loss, nameof(NetworkLoss.PosWeight));
        return formula;
    }

    /// <summary>Throws where targets are none that the loss is defined for; their form and number are known to fit.</summary>
    /// <exception cref="ArgumentException">A label is no class, or no pair's.</exception>
    public virtual void Check(in LossArguments arguments)
    {
    }

    /// <summary>The sum of the losses of a batch, and what it counts as in the mean.</summary>
    /// <exception cref="ArithmeticException">An output is outside of what the loss is defined for.</exception>
    public abstract (double Sum, double Divisor) Of(in LossArguments arguments);

    private static float[] Factors(
        LossDeclaration loss, string option, string setting, IReadOnlyList<float> given, int one, int? other = null)
    {
        bool isDeclared = loss.Take(option);
        if (!isDeclared && given.Count > 0)
            throw Unexpected(loss, setting);
        if (isDeclared && given.Count != one && given.Count != other)
            throw new ArgumentException($"{loss} has {option}, which only its declaration knows: expected "
                + (other is null or 1 ? $"the same {one}" : $"the same {one} or {other}") + $" as {nameof(NetworkLoss)}.{setting}, "
                + $"got {given.Count}.", setting);
        return [.. given];
    }

    private static ArgumentException Unexpected(LossDeclaration loss, string setting)
        => new($"{loss} has none, so that {nameof(NetworkLoss)}.{setting} must be empty.", setting);
}

/// <summary>What a loss is computed from: rows of one or several outputs, and targets.</summary>
internal readonly ref struct LossArguments
{
    /// <summary>Samples, or positions where the output has lengths.</summary>
    public required int Rows { get; init; }

    /// <summary>The first output, or the only one.</summary>
    public required ReadOnlySpan<float> First { get; init; }

    /// <summary>The second output.</summary>
    public ReadOnlySpan<float> Second { get; init; }

    /// <summary>The third output.</summary>
    public ReadOnlySpan<float> Third { get; init; }

    /// <summary>Class indices, or labels of pairs; empty where there are none.</summary>
    public ReadOnlySpan<int> Labels { get; init; }

    /// <summary>Values; empty where there are none.</summary>
    public ReadOnlySpan<float> Values { get; init; }
}
