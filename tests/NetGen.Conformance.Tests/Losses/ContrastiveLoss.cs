using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>
/// With the scores s = a · b / temperature of all pairs of a batch: (log Σ exp of the sample's row of scores + the same of its column) / 2 −
/// its own score.
/// </summary>
internal sealed record ContrastiveLoss(LossReduction Reduction, double Temperature) : OutputsLoss(Reduction), ILoss
{
    public static IReadOnlyList<string> Kinds => ["contrastive"];

    public override bool ReadsBatch => true;

    protected override string Kind => Kinds[0];

    protected override IEnumerable<string> Options => [Option("t=", Temperature, 1)];

    public static Loss Read(Word word) => new ContrastiveLoss(ReductionOf(word), word.Real("t=") ?? 1);

    protected override void Declare(AttributeWriter attribute) => attribute.Property("Temperature", Temperature, 1);

    protected override SampleLoss[] OfOutputs(IReadOnlyList<Estimate[]> outputs, Target target, int first)
    {
        Estimate[] a = outputs[0], b = outputs[1];
        int n = a.Length;
        Estimate[] rows = [.. a.Select(x => Scores(x, b))];
        Estimate[] columns = [.. Enumerable.Range(0, n).Select(j => new Estimate(
            [.. rows.Select(row => row.Values[j])], [.. rows.Select(row => row.Errors[j])]))];
        Estimate[] ofRows = [.. rows.Select(Softmax)], ofColumns = [.. columns.Select(Softmax)];
        var losses = new SampleLoss[n];
        for (int i = 0; i < n; i++)
        {
            double row = LogOfSum(rows[i], out double rowError), column = LogOfSum(columns[i], out double columnError);
            Estimate pull = Pull(i, ofRows[i], [.. ofColumns.Select(p => p.Values[i])], [.. ofColumns.Select(p => p.Errors[i])]);
            Estimate push = Pull(i, ofColumns[i], [.. ofRows.Select(p => p.Values[i])], [.. ofRows.Select(p => p.Errors[i])]);
            losses[i] = new SampleLoss((row + column) / 2 - rows[i].Values[i], (rowError + columnError) / 2 + rows[i].Errors[i],
                Combine(pull, b), 1)
            {
                Gradients = [Combine(pull, b), Combine(push, a)],
            };
        }
        return losses;
    }

    private Estimate Scores(Estimate x, Estimate[] others)
    {
        var scores = new Accumulator(others.Length);
        for (int j = 0; j < others.Length; j++)
        {
            for (int k = 0; k < x.Length; k++)
                scores.Add(j, x.Values[k], x.Errors[k], others[j].Values[k], others[j].Errors[k]);
        }
        return scores.ToEstimate(1 / Temperature);
    }

    private static double LogOfSum(Estimate scores, out double error)
    {
        double[] p = SoftmaxFunction.Values(scores.Values, out double logarithm);
        error = p.Zip(scores.Errors, (share, own) => share * own).Sum() + 4 * Estimate.Unit * (1 + Math.Abs(logarithm));
        return logarithm;
    }

    private static Estimate Softmax(Estimate scores)
    {
        double logarithm = LogOfSum(scores, out double error);
        double[] p = SoftmaxFunction.Values(scores.Values, out _);
        return new Estimate(p, [.. p.Select((share, j) => share * (scores.Errors[j] + error
            + 4 * Estimate.Unit * (1 + Math.Abs(scores.Values[j]) + Math.Abs(logarithm))))]);
    }

    /// <summary>How much a sample's vector is drawn towards each of the others, by both directions.</summary>
    private static Estimate Pull(int self, Estimate own, double[] others, double[] errors)
    {
        var pull = new Estimate(own.Length);
        for (int j = 0; j < own.Length; j++)
        {
            pull.Values[j] = (own.Values[j] + others[j]) / 2 - (j == self ? 1 : 0);
            pull.Errors[j] = (own.Errors[j] + errors[j]) / 2 + Estimate.Unit * (own.Values[j] + others[j] + (j == self ? 1 : 0));
        }
        return pull;
    }

    private Estimate Combine(Estimate weights, Estimate[] vectors)
    {
        var sums = new Accumulator(vectors[0].Length, correlated: true);
        for (int j = 0; j < vectors.Length; j++)
        {
            for (int k = 0; k < vectors[j].Length; k++)
                sums.Add(k, weights.Values[j], weights.Errors[j], vectors[j].Values[k], vectors[j].Errors[k]);
        }
        return sums.ToEstimate(1 / Temperature);
    }
}
