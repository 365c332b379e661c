namespace NetGen.Conformance.Tests.Reference;

/// <summary>softmax(scale · q kᵀ + bias) v of several heads, with what float32 may be off by.</summary>
/// <param name="Heads">Heads of queries; those of keys and values divide them.</param>
/// <param name="Queries">How many queries there are.</param>
internal sealed record AttentionFunction(int Heads, int KeyValueHeads, int Queries, int Keys, bool Causal, double Scale)
{
    /// <summary>The last keys that a causal query has; null for all.</summary>
    public int? Window { get; init; }

    /// <summary>Of each head, what is taken off a score for each step between query and key; null for nothing.</summary>
    public double[]? Slopes { get; init; }

    /// <summary>What is added to scores: (heads, queries, keys), with 1 where it is for all heads or queries; null for nothing.</summary>
    public (Estimate Values, int Heads, int Rows)? Mask { get; init; }

    /// <summary>What dropout makes of an element of the matrix of probabilities; null where it drops none.</summary>
    public Func<int, double>? Drop { get; init; }

    /// <summary>The keys that a query has.</summary>
    private IReadOnlyList<int> KeysOf(int head, int query)
    {
        int end = Causal ? Math.Min(query + 1, Keys) : Keys, start = Window is { } window ? Math.Max(0, query + 1 - window) : 0;
        return [.. Enumerable.Range(start, Math.Max(0, end - start)).Where(key => MaskAt(head, query, key) is not { } at
            || !double.IsNegativeInfinity(Mask!.Value.Values.Values[at]))];
    }

    private int? MaskAt(int head, int query, int key) => Mask is { } mask
        ? ((mask.Heads == 1 ? 0 : head) * mask.Rows + (mask.Rows == 1 ? 0 : query)) * Keys + key : null;

    /// <summary>
    /// By what a probability is multiplied before it weighs values: dropout's numbers begin anew with every row, at a multiple of 4.
    /// </summary>
    private double FactorOf(int head, int query, int key) => Drop?.Invoke((head * Queries + query) * ((Keys + 3) / 4 * 4) + key) ?? 1;

    public Estimate Apply(Estimate query, Estimate key, Estimate value)
    {
        int valueSize = value.Length / Keys / KeyValueHeads;
        var sums = new Accumulator(Queries * Heads * valueSize);
        for (int head = 0; head < Heads; head++)
        {
            int shared = head / (Heads / KeyValueHeads);
            for (int i = 0; i < Queries; i++)
            {
                IReadOnlyList<int> keys = KeysOf(head, i);
                Estimate p = Used(Probabilities(query, key, head, i, keys), head, i, keys);
                for (int j = 0; j < p.Length; j++)
                {
                    for (int f = 0; f < valueSize; f++)
                    {
                        int at = (keys[j] * KeyValueHeads + shared) * valueSize + f;
                        sums.Add((i * Heads + head) * valueSize + f, p.Values[j], p.Errors[j], value.Values[at], value.Errors[at]);
                    }
                }
            }
        }
        return sums.ToEstimate();
    }

    public (Estimate Query, Estimate Key, Estimate Value, Estimate? Mask) Gradients(
        Estimate query, Estimate key, Estimate value, Estimate dy)
    {
        int size = query.Length / Queries / Heads, valueSize = value.Length / Keys / KeyValueHeads;
        Accumulator dQuery = new(query.Length), dKey = new(key.Length), dValue = new(value.Length);
        Accumulator? dMask = Mask is { } mask ? new Accumulator(mask.Values.Length) : null;
        for (int head = 0; head < Heads; head++)
        {
            int shared = head / (Heads / KeyValueHeads);
            for (int i = 0; i < Queries; i++)
            {
                IReadOnlyList<int> keys = KeysOf(head, i);
                Estimate p = Probabilities(query, key, head, i, keys), used = Used(p, head, i, keys);
                var products = new Accumulator(p.Length);
                for (int j = 0; j < p.Length; j++)
                {
                    for (int f = 0; f < valueSize; f++)
                    {
                        int at = (keys[j] * KeyValueHeads + shared) * valueSize + f, from = (i * Heads + head) * valueSize + f;
                        products.Add(j, dy.Values[from], dy.Errors[from], value.Values[at], value.Errors[at]);
                        dValue.Add(at, used.Values[j], used.Errors[j], dy.Values[from], dy.Errors[from]);
                    }
                }
                Estimate slopes = SoftmaxFunction.Gradient(p, Used(products.ToEstimate(), head, i, keys));
                for (int j = 0; j < p.Length; j++)
                {
                    dMask?.Add(MaskAt(head, i, keys[j])!.Value, slopes.Values[j], slopes.Errors[j], 1, 0);
                    double slope = slopes.Values[j] * Scale, error = slopes.Errors[j] * Scale;
                    for (int f = 0; f < size; f++)
                    {
                        int q = (i * Heads + head) * size + f, k = (keys[j] * KeyValueHeads + shared) * size + f;
                        dQuery.Add(q, slope, error, key.Values[k], key.Errors[k]);
                        dKey.Add(k, slope, error, query.Values[q], query.Errors[q]);
                    }
                }
            }
        }
        return (dQuery.ToEstimate(), dKey.ToEstimate(), dValue.ToEstimate(), dMask?.ToEstimate());
    }

    /// <summary>What dropout leaves of a row's numbers.</summary>
    private Estimate Used(Estimate row, int head, int i, IReadOnlyList<int> keys) => Drop is null
        ? row : row.Scale([.. keys.Select(key => FactorOf(head, i, key))]);

    private Estimate Probabilities(Estimate query, Estimate key, int head, int i, IReadOnlyList<int> keys)
    {
        if (keys.Count == 0)
            return new Estimate(0);
        int size = query.Length / Queries / Heads, shared = head / (Heads / KeyValueHeads);
        var products = new Accumulator(keys.Count);
        for (int j = 0; j < keys.Count; j++)
        {
            for (int f = 0; f < size; f++)
            {
                int q = (i * Heads + head) * size + f, k = (keys[j] * KeyValueHeads + shared) * size + f;
                products.Add(j, query.Values[q], query.Errors[q], key.Values[k], key.Errors[k]);
            }
        }
        Estimate scores = products.ToEstimate(Scale);
        if (Slopes is not null)
            scores = Estimate.Add(scores, Estimate.Exact([.. keys.Select(j => -Slopes[head] * Math.Abs(i - j))]));
        if (Mask is { } mask)
        {
            int[] places = [.. keys.Select(j => MaskAt(head, i, j)!.Value)];
            scores = Estimate.Add(scores,
                new Estimate([.. places.Select(at => mask.Values.Values[at])], [.. places.Select(at => mask.Values.Errors[at])]));
        }
        return SoftmaxFunction.Apply(scores);
    }
}
