namespace NetGen.Generator.Layers;

/// <summary>
/// One direction of a resampling: output i is the sum of <c>Weights[i][t]</c> times input <c>First[i] + t</c>. An output may have no inputs.
/// </summary>
internal sealed class ResampleAxis(int size, int[] first, float[][] weights)
{
    /// <summary>Number of inputs.</summary>
    public int Size { get; } = size;

    public int[] First { get; } = first;

    public float[][] Weights { get; } = weights;

    public int Outputs => First.Length;

    /// <summary>Every weight is 1, so that inputs are only copied or added.</summary>
    public bool IsUnweighted => Weights.All(row => row.All(weight => weight == 1));

    /// <summary>Every output is one input.</summary>
    public bool IsSelection => IsUnweighted && Weights.All(row => row.Length == 1);

    public bool IsIdentity => Outputs == Size && IsSelection && First.Select((f, i) => f == i).All(same => same);

    /// <summary>PyTorch's nearest: input floor(i · scale), in single precision as PyTorch computes it.</summary>
    /// <param name="factor">The factor as declared; null where the size was.</param>
    public static ResampleAxis Nearest(int size, int outputs, double? factor)
    {
        float scale = factor is double given ? (float)(1 / given) : (float)size / outputs;
        var first = new int[outputs];
        for (int i = 0; i < outputs; i++)
        {
            first[i] = outputs == size ? i
                : outputs == 2L * size ? i / 2
                : (int)Math.Min((long)Math.Floor((float)(i * scale)), size - 1);
        }
        return new ResampleAxis(size, first, first.Select(_ => new[] { 1f }).ToArray());
    }

    /// <summary>
    /// PyTorch's linear interpolation: at i · (size − 1) / (outputs − 1) where corners are aligned, else at (i + ½) · scale − ½, not below 0.
    /// </summary>
    public static ResampleAxis Linear(int size, int outputs, double? factor, bool alignCorners)
    {
        double scale = alignCorners ? outputs > 1 ? (size - 1.0) / (outputs - 1) : 0 : factor is double given ? 1 / given : (double)size / outputs;
        var first = new int[outputs];
        var weights = new float[outputs][];
        for (int i = 0; i < outputs; i++)
        {
            double position = outputs == size ? i : alignCorners ? i * scale : Math.Max(0, (i + 0.5) * scale - 0.5);
            first[i] = Math.Min((int)position, size - 1);
            double beyond = position - first[i];
            weights[i] = first[i] == size - 1 || beyond == 0 ? [1f] : [(float)(1 - beyond), (float)beyond];
        }
        return new ResampleAxis(size, first, weights);
    }

    /// <summary>The map back: to each input from all outputs that read it. These follow one another, since positions never decrease.</summary>
    public ResampleAxis Transpose()
    {
        var first = new int[Size];
        var weights = new List<float>[Size];
        for (int i = 0; i < Size; i++)
            weights[i] = [];
        for (int output = 0; output < Outputs; output++)
        {
            for (int tap = 0; tap < Weights[output].Length; tap++)
            {
                int input = First[output] + tap;
                if (weights[input].Count == 0)
                    first[input] = output;
                // An output between two readers that skips this input, where positions coincide.
                while (first[input] + weights[input].Count < output)
                    weights[input].Add(0);
                weights[input].Add(Weights[output][tap]);
            }
        }
        return new ResampleAxis(Outputs, first, weights.Select(row => row.ToArray()).ToArray());
    }
}
