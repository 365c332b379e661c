using System.Globalization;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>
/// The loss at the end of a network, e.g. <c>ce:w=1/0.5/2,e=0.1,sum</c>. Each has one file with all that the tests know of it; its type has
/// the name of its attribute, and its settings the names that the generator gives them.
/// </summary>
internal abstract record Loss(LossReduction Reduction)
{
    /// <summary>The outputs that it is of, by name; none for the only one.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>What it counts beside the others.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>The word's kind, e.g. <c>ce</c>.</summary>
    protected abstract string Kind { get; }

    /// <summary>The word's options but the reduction; empty ones are left out.</summary>
    protected virtual IEnumerable<string> Options => [];

    /// <summary>What a generated step takes besides the inputs, in its order: <c>labels</c>, <c>values</c>; empty for nothing.</summary>
    public virtual string Targets => "values";

    /// <summary>A sample's loss depends on the others of the batch.</summary>
    public virtual bool ReadsBatch => false;

    /// <summary>Each position of a sequence has a target of its own; a sample's losses add up.</summary>
    public virtual bool IsOfPositions => false;

    /// <summary>It compares several outputs, whose names are the attribute's arguments.</summary>
    public virtual bool ComparesOutputs => false;

    /// <summary>It takes a vector as output, and no image.</summary>
    public virtual bool TakesVectors => false;

    public string Word => Model.Word.Format(Kind, null, Options.Append(Reduction switch
    {
        LossReduction.Mean => "",
        LossReduction.Sum => "sum",
        _ => "batchmean",
    }).Append(Of.Count == 0 ? "" : "of=" + string.Join('/', Of)).Append(Option("factor=", Factor, 1)));

    /// <summary>The attribute that declares it, in brackets.</summary>
    public string Attribute
    {
        get
        {
            var attribute = new AttributeWriter(0);
            foreach (string name in ComparesOutputs ? Of : [])
                attribute.Argument($"\"{name}\"");
            Declare(attribute);
            attribute.Property("Reduction", Reduction == LossReduction.Sum ? "\"sum\"" : "\"batchmean\"", Reduction, LossReduction.Mean);
            if (!ComparesOutputs && Of.Count > 0)
                attribute.Property("Of", $"\"{Of.Single()}\"");
            attribute.Property("Factor", Factor, 1);
            return attribute.Text(GetType().Name);
        }
    }

    /// <summary>The targets that golden files use.</summary>
    public virtual Target Target(int seed, int count, Shape output) => new() { Values = Values(seed, count, output, x => x) };

    /// <summary>The losses of samples of a network, which may have none: then its gradient is given by the target.</summary>
    /// <param name="outputs">By output that the loss is of, then by sample.</param>
    /// <param name="first">The number of the first sample among those that there are targets for.</param>
    /// <param name="elementsBefore">How many elements of the output are in front of a sample.</param>
    public static SampleLoss[] OfSamples(
        Loss? loss, IReadOnlyList<Shape> shapes, IReadOnlyList<Estimate[]> outputs, Target target, int first,
        Func<int, int> elementsBefore)
    {
        return loss?.OfOutputs(outputs, target, first) ?? [.. outputs[0].Select((y, i) => OfSample(y, first + i))];

        SampleLoss OfSample(Estimate y, int sample)
        {
            if (loss is { IsOfPositions: true })
                return OfPositions(loss, new Shape(shapes[0].Width), y, target, elementsBefore(sample) / shapes[0].Width);
            ReadOnlySpan<float> values = target.Values.Length == 0 ? [] : target.Values.AsSpan(elementsBefore(sample), y.Length);
            int label = target.Labels.Length == 0 ? 0 : target.Labels[sample];
            return loss?.OfSample(shapes[0], y, values, label) ?? new SampleLoss(0, 0, Estimate.Exact(values), 0);
        }
    }

    /// <summary>The losses of a sample's positions, added up.</summary>
    /// <param name="first">The number of the first position.</param>
    private static SampleLoss OfPositions(Loss loss, Shape position, Estimate y, Target target, int first)
    {
        int width = position.Size;
        SampleLoss[] all = [.. Enumerable.Range(0, y.Length / width).Select(i => loss.OfSample(position,
            new Estimate(y.Values[(i * width)..((i + 1) * width)], y.Errors[(i * width)..((i + 1) * width)]), [], target.Labels[first + i]))];
        double[] Together(Func<Estimate, double[]> of) => [.. all.SelectMany(one => of(one.Gradient))];
        SampleLoss sum = all.Aggregate(SampleLoss.Zero, (before, one) => before.Plus(one));
        return new SampleLoss(sum.Loss, sum.Error, new Estimate(Together(e => e.Values), Together(e => e.Errors)), sum.Divisor);
    }

    /// <summary>What a batch's sum is divided by.</summary>
    /// <param name="counted">
    /// The sum of the samples' divisors. Where everything is ignored, the mean is nothing by nothing, and the gradient zero.
    /// </param>
    public static double Divisor(Loss? loss, double counted, int samples) => loss?.Reduction switch
    {
        LossReduction.Mean => counted,
        LossReduction.BatchMean => samples,
        _ => 1,
    };

    protected virtual void Declare(AttributeWriter attribute)
    {
    }

    /// <summary>The losses of samples, by several outputs; null where the loss compares one output with a target.</summary>
    protected virtual SampleLoss[]? OfOutputs(IReadOnlyList<Estimate[]> outputs, Target target, int first) => null;

    /// <param name="values">The sample's target as far as the loss takes values.</param>
    /// <param name="label">The same for labels.</param>
    protected abstract SampleLoss OfSample(Shape output, Estimate y, ReadOnlySpan<float> values, int label);

    protected static LossReduction ReductionOf(Word word) =>
        word.Has("sum") ? LossReduction.Sum : word.Has("batchmean") ? LossReduction.BatchMean : LossReduction.Mean;

    /// <summary>The option for a constant, empty where it is the usual one.</summary>
    protected static string Option(string prefix, double value, double usual) =>
        value == usual ? "" : prefix + value.ToString(CultureInfo.InvariantCulture);

    protected static float[] Values(int seed, int count, Shape output, Converter<float, float> map) =>
        Array.ConvertAll(Numbers.Uniform(seed, count * output.Size), map);

    /// <summary>The factor of an output or channel, where there may be one for all, or none.</summary>
    protected static double FactorAt(Constants factors, int index) =>
        factors.Count == 0 ? 1 : factors.Count == 1 ? factors[0] : factors[index];

    /// <summary>The options of a random network's loss with a factor for each output or channel: 0.5, 1, 1.5, 2, 2.5, 0.5, ….</summary>
    protected static string DrawnFactors(Shape output) =>
        string.Join('/', Enumerable.Range(0, output.Channels).Select(i => ((i % 5 + 1) * 0.5).ToString(CultureInfo.InvariantCulture)));
}

/// <summary>What the registry asks a loss's type for.</summary>
internal interface ILoss
{
    static abstract IReadOnlyList<string> Kinds { get; }

    static abstract Loss Read(Word word);

    /// <summary>The losses that take any numbers as output, as words for a random network.</summary>
    static virtual IReadOnlyList<string> Drawn => [];

    /// <summary>The same with a factor for each feature or channel, and a layer in front if one is needed.</summary>
    static virtual IReadOnlyList<string> DrawnWith(Shape output) => [];
}
