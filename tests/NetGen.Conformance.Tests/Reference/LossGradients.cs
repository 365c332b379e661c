using NetGen.Conformance.Tests.Losses;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Reference;

/// <summary>What one loss of a network sums up over samples, before it is divided.</summary>
internal sealed class LossGradients(Stack stack, Comparison comparison, IReadOnlyDictionary<string, double[]> parameters, int total)
{
    private readonly Estimate _samples = new(total);
    private SampleLoss _sum = SampleLoss.Zero;

    public Comparison Comparison => comparison;

    public Estimate[] Inputs { get; } = [.. stack.Inputs.Select(port => new Estimate(stack.Elements(port, total)))];

    public Dictionary<string, Accumulator> Parameters { get; } =
        parameters.ToDictionary(p => p.Key, p => new Accumulator(p.Value.Length, correlated: true));

    /// <summary>Counts these samples.</summary>
    /// <param name="outputs">By output that the loss is of, then by sample.</param>
    /// <returns>Their gradients.</returns>
    public Estimate[][] Add(IReadOnlyList<Estimate[]> outputs, Target target, int first)
    {
        IReadOnlyList<Shape> shapes = [.. comparison.Outputs.Select(output => output.Shape)];
        Port compared = stack.Outputs.Single(port => port.Name == comparison.Outputs[0].Name);
        SampleLoss[] losses = Losses.Loss.OfSamples(comparison.Loss, shapes, outputs, target, first, sample => stack.Elements(compared, sample));
        for (int i = 0; i < losses.Length; i++)
            (_samples.Values[first + i], _samples.Errors[first + i]) = (losses[i].Loss, losses[i].Error);
        _sum = losses.Aggregate(_sum, (before, loss) => before.Plus(loss));
        return [.. outputs.Select((_, i) => losses.Select(loss => loss.Gradients[i]).ToArray())];
    }

    /// <summary>The loss of each sample, undivided.</summary>
    public Estimate Samples(int samples) => new(_samples.Values[..samples], _samples.Errors[..samples]);

    public double Loss(int samples) => comparison.Factor * _sum.Loss / Divisor(samples);

    public double LossError(int samples) => Math.Abs(comparison.Factor) * _sum.Error / Math.Abs(Divisor(samples));

    /// <summary>Multiplies the sums.</summary>
    public double Scale(int samples) => Divisor(samples) == 0 ? 0 : comparison.Factor / Divisor(samples);

    /// <summary>The sum of the losses' gradients, whose errors may have one cause.</summary>
    public static Estimate Total(IEnumerable<Estimate> gradients) => gradients.Aggregate((a, b) =>
    {
        var sum = new Estimate(a.Length);
        for (int i = 0; i < sum.Length; i++)
        {
            sum.Values[i] = a.Values[i] + b.Values[i];
            sum.Errors[i] = a.Errors[i] + b.Errors[i] + Estimate.Unit * (Math.Abs(a.Values[i]) + Math.Abs(b.Values[i]));
        }
        return sum;
    });

    private double Divisor(int samples) => Losses.Loss.Divisor(comparison.Loss, _sum.Divisor, samples);
}
