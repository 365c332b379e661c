namespace NetGen;

/// <summary>CosineEmbeddingLoss, of an output and a target, or of two outputs.</summary>
internal sealed class CosineLossFormula(LossReduction reduction, bool isOfTwo, double margin) : LossFormula(reduction)
{
    // PyTorch's, added to the squares.
    private const double Tiny = 1e-12;

    public override void Check(in LossArguments arguments)
    {
        foreach (int label in arguments.Labels)
        {
            if (label is not (1 or -1))
                throw new ArgumentException($"Expected labels 1 for a pair that should be alike and -1 for another, got {label}.",
                    nameof(arguments));
        }
    }

    public override (double Sum, double Divisor) Of(in LossArguments arguments)
    {
        double sum = 0;
        ReadOnlySpan<float> others = isOfTwo ? arguments.Second : arguments.Values;
        int size = arguments.First.Length / arguments.Rows;
        for (int i = 0; i < arguments.Rows; i++)
        {
            double dot = 0, first = Tiny, second = Tiny;
            for (int j = i * size; j < (i + 1) * size; j++)
            {
                double x = arguments.First[j], y = others[j];
                dot += x * y;
                first += x * x;
                second += y * y;
            }
            double cosine = dot / Math.Sqrt(first * second);
            sum += arguments.Labels[i] == 1 ? 1 - cosine : Math.Max(0, cosine - margin);
        }
        return (sum, arguments.Rows);
    }
}

/// <summary>ContrastiveLoss: each sample's pair among those of its batch, in both directions.</summary>
internal sealed class ContrastiveLossFormula(LossReduction reduction, double temperature) : LossFormula(reduction)
{
    private float[] _row = [], _column = [];

    public override (double Sum, double Divisor) Of(in LossArguments arguments)
    {
        int rows = arguments.Rows;
        if (_row.Length < rows)
            (_row, _column) = (new float[rows], new float[rows]);
        double sum = 0;
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                _row[j] = Score(arguments, i, j);
                _column[j] = Score(arguments, j, i);
            }
            sum -= (LogSoftmax.At(_row.AsSpan(0, rows), i) + LogSoftmax.At(_column.AsSpan(0, rows), i)) / 2;
        }
        return (sum, rows);
    }

    private float Score(in LossArguments arguments, int first, int second)
    {
        int size = arguments.First.Length / arguments.Rows;
        double dot = 0;
        for (int k = 0; k < size; k++)
            dot += (double)arguments.First[first * size + k] * arguments.Second[second * size + k];
        return (float)(dot / temperature);
    }
}

/// <summary>TripletMarginLoss: how much nearer the positive is to the anchor than the negative.</summary>
internal sealed class TripletLossFormula(LossReduction reduction, double margin, double p, double eps, bool swap) : LossFormula(reduction)
{
    public override (double Sum, double Divisor) Of(in LossArguments arguments)
    {
        double sum = 0;
        int size = arguments.First.Length / arguments.Rows;
        for (int i = 0; i < arguments.Rows; i++)
        {
            ReadOnlySpan<float> anchor = arguments.First.Slice(i * size, size), positive = arguments.Second.Slice(i * size, size);
            ReadOnlySpan<float> negative = arguments.Third.Slice(i * size, size);
            double near = Distance(anchor, positive), far = Distance(anchor, negative);
            if (swap)
                far = Math.Min(far, Distance(positive, negative));
            sum += Math.Max(0, near - far + margin);
        }
        return (sum, arguments.Rows);
    }

    private double Distance(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0, largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double difference = Math.Abs((double)x[i] - y[i] + eps);
            sum += p switch { 1 => difference, 2 => difference * difference, _ => Math.Pow(difference, p) };
            largest = Math.Max(largest, difference);
        }
        return double.IsPositiveInfinity(p) ? largest : p switch { 1 => sum, 2 => Math.Sqrt(sum), _ => Math.Pow(sum, 1 / p) };
    }
}
