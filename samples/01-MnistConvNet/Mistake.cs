using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>A test image that the network takes for something else.</summary>
/// <param name="Index">Which test image.</param>
/// <param name="Predicted">The class the network says.</param>
/// <param name="Actual">The class it is.</param>
/// <param name="Confidence">The probability the network gives to <paramref name="Predicted"/>.</param>
internal readonly record struct Mistake(int Index, int Predicted, int Actual, double Confidence)
{
    /// <summary>All wrongly classified images, those first that the network was surest of.</summary>
    /// <param name="session">The network, which takes batches as large as the loader's.</param>
    /// <param name="images">The images in their order.</param>
    public static List<Mistake> FindAll(MnistConvNet.Session session, DataLoader images)
    {
        var logits = new float[session.MaxBatch * MnistConvNet.OutputSize];
        var mistakes = new List<Mistake>();
        int first = 0;
        foreach (Batch batch in images.Epoch(1))
        {
            session.Forward(batch.Input, logits.AsSpan(0, batch.Count * MnistConvNet.OutputSize));
            for (int i = 0; i < batch.Count; i++)
            {
                ReadOnlySpan<float> scores = logits.AsSpan(i * MnistConvNet.OutputSize, MnistConvNet.OutputSize);
                int predicted = Largest(scores);
                if (predicted != batch.Labels[i])
                    mistakes.Add(new Mistake(first + i, predicted, batch.Labels[i], Probability(scores, predicted)));
            }

            first += batch.Count;
        }

        return [.. mistakes.OrderByDescending(mistake => mistake.Confidence).ThenBy(mistake => mistake.Index)];
    }

    /// <summary>What the network says, how sure it is, and what the image is.</summary>
    public string Describe(IReadOnlyList<string> classes)
        => string.Create(CultureInfo.InvariantCulture, $"{classes[Predicted]} ({Confidence:P1} sure), but is {classes[Actual]}");

    private static int Largest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }

        return best;
    }

    /// <summary>The softmax of the largest score.</summary>
    private static double Probability(ReadOnlySpan<float> scores, int largest)
    {
        double sum = 0;
        foreach (float score in scores)
            sum += Math.Exp(score - scores[largest]);
        return 1 / sum;
    }
}
