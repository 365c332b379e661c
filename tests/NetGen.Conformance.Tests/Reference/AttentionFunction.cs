namespace NetGen.Conformance.Tests.Reference;

/// <summary>softmax(scale · q kᵀ) v of several heads, with what float32 may be off by.</summary>
/// <param name="Heads">Heads of queries; those of keys and values divide them.</param>
/// <param name="Queries">How many queries there are.</param>
internal sealed record AttentionFunction(int Heads, int KeyValueHeads, int Queries, int Keys, bool Causal, double Scale)
{
    /// <summary>The number of keys that a query has.</summary>
    private int KeysOf(int query) => Causal ? Math.Min(query + 1, Keys) : Keys;

    public Estimate Apply(Estimate query, Estimate key, Estimate value)
    {
        int valueSize = value.Length / Keys / KeyValueHeads;
        var sums = new Accumulator(Queries * Heads * valueSize);
        for (int head = 0; head < Heads; head++)
        {
            int shared = head / (Heads / KeyValueHeads);
            for (int i = 0; i < Queries; i++)
            {
                Estimate p = Probabilities(query, key, head, i);
                for (int j = 0; j < p.Length; j++)
                {
                    for (int f = 0; f < valueSize; f++)
                    {
                        int at = (j * KeyValueHeads + shared) * valueSize + f;
                        sums.Add((i * Heads + head) * valueSize + f, p.Values[j], p.Errors[j], value.Values[at], value.Errors[at]);
                    }
                }
            }
        }
        return sums.ToEstimate();
    }

    public (Estimate Query, Estimate Key, Estimate Value) Gradients(Estimate query, Estimate key, Estimate value, Estimate dy)
    {
        int size = query.Length / Queries / Heads, valueSize = value.Length / Keys / KeyValueHeads;
        Accumulator dQuery = new(query.Length), dKey = new(key.Length), dValue = new(value.Length);
        for (int head = 0; head < Heads; head++)
        {
            int shared = head / (Heads / KeyValueHeads);
            for (int i = 0; i < Queries; i++)
            {
                Estimate p = Probabilities(query, key, head, i);
                var products = new Accumulator(p.Length);
                for (int j = 0; j < p.Length; j++)
                {
                    for (int f = 0; f < valueSize; f++)
                    {
                        int at = (j * KeyValueHeads + shared) * valueSize + f, from = (i * Heads + head) * valueSize + f;
                        products.Add(j, dy.Values[from], dy.Errors[from], value.Values[at], value.Errors[at]);
                        dValue.Add(at, p.Values[j], p.Errors[j], dy.Values[from], dy.Errors[from]);
                    }
                }
                Estimate slopes = SoftmaxFunction.Gradient(p, products.ToEstimate());
                for (int j = 0; j < p.Length; j++)
                {
                    double slope = slopes.Values[j] * Scale, error = slopes.Errors[j] * Scale;
                    for (int f = 0; f < size; f++)
                    {
                        int q = (i * Heads + head) * size + f, k = (j * KeyValueHeads + shared) * size + f;
                        dQuery.Add(q, slope, error, key.Values[k], key.Errors[k]);
                        dKey.Add(k, slope, error, query.Values[q], query.Errors[q]);
                    }
                }
            }
        }
        return (dQuery.ToEstimate(), dKey.ToEstimate(), dValue.ToEstimate());
    }

    private Estimate Probabilities(Estimate query, Estimate key, int head, int i)
    {
        int size = query.Length / Queries / Heads, shared = head / (Heads / KeyValueHeads);
        var scores = new Accumulator(KeysOf(i));
        for (int j = 0; j < KeysOf(i); j++)
        {
            for (int f = 0; f < size; f++)
            {
                int q = (i * Heads + head) * size + f, k = (j * KeyValueHeads + shared) * size + f;
                scores.Add(j, query.Values[q], query.Errors[q], key.Values[k], key.Errors[k]);
            }
        }
        return SoftmaxFunction.Apply(scores.ToEstimate(Scale));
    }
}
