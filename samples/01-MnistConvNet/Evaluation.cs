namespace NetGen.Samples;

/// <summary>A test image that the network takes for something else.</summary>
/// <param name="Index">Which test image.</param>
/// <param name="Predicted">The class the network says.</param>
/// <param name="Actual">The class it is.</param>
/// <param name="Confidence">The probability the network gives to <paramref name="Predicted"/>.</param>
internal readonly record struct Mistake(int Index, int Predicted, int Actual, double Confidence);

internal static class Evaluation
{
    /// <summary>How many samples one forward pass takes.</summary>
    public const int Batch = 256;

    /// <summary>The share of images that the network classifies rightly.</summary>
    public static double Accuracy(MnistConvNet.Session session, ImageSet images) =>
        1 - Mistakes(session, images).Count / (double)images.Count;

    /// <summary>All wrongly classified images, in their order.</summary>
    public static List<Mistake> Mistakes(MnistConvNet.Session session, ImageSet images)
    {
        var order = new int[session.MaxBatch];
        var pixels = new float[session.MaxBatch * MnistConvNet.InputSize];
        var labels = new int[session.MaxBatch];
        var logits = new float[session.MaxBatch * MnistConvNet.OutputSize];
        var mistakes = new List<Mistake>();

        for (int first = 0; first < images.Count; first += session.MaxBatch)
        {
            int count = Math.Min(session.MaxBatch, images.Count - first);
            for (int i = 0; i < count; i++)
            {
                order[i] = first + i;
            }

            images.Gather(order.AsSpan(0, count), pixels, labels);
            session.Forward(pixels.AsSpan(0, count * MnistConvNet.InputSize), logits.AsSpan(0, count * MnistConvNet.OutputSize));
            for (int i = 0; i < count; i++)
            {
                var row = logits.AsSpan(i * MnistConvNet.OutputSize, MnistConvNet.OutputSize);
                int predicted = ArgMax(row);
                if (predicted != labels[i])
                {
                    mistakes.Add(new Mistake(first + i, predicted, labels[i], Probability(row, predicted)));
                }
            }
        }

        return mistakes;
    }

    private static int ArgMax(ReadOnlySpan<float> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>The softmax of the largest logit.</summary>
    private static double Probability(ReadOnlySpan<float> logits, int largest)
    {
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit - logits[largest]);
        }

        return 1 / sum;
    }
}
