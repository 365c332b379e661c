using NetGen.Data;

namespace NetGen.Samples;

/// <summary>
/// Tells the class of an image by the sentences it lies nearest to. No layer was trained for the ten classes; other sentences would make
/// another classifier of the same network.
/// </summary>
internal sealed class ZeroShot : IDisposable
{
    private const int Batch = 250;

    private readonly Clip.Session _session;
    private readonly int _classes;
    private readonly float[] _sentences;

    public ZeroShot(Clip net, IReadOnlyList<string> classNames, SessionOptions options)
    {
        _session = net.CreateSession(Batch, options);
        _classes = classNames.Count;
        _sentences = [.. classNames.SelectMany(name => Mean(Embed([.. Captions.Ask(name)])))];
    }

    /// <summary>The share of images whose own class is the nearest, and the mean similarity of each class's images to each class's
    /// sentences.</summary>
    public (double Accuracy, double[,] Similarities) Classify(DataLoader images)
    {
        var sums = new double[_classes, _classes];
        var counts = new int[_classes];
        int right = 0;
        var embeddings = new float[Batch * Clip.ImageEmbedsSize];
        var similarities = new float[_classes];
        foreach (Batch batch in images.Epoch(1))
        {
            _session.ForwardImageEmbeds(batch.Input, embeddings.AsSpan(0, batch.Count * Clip.ImageEmbedsSize));
            for (int i = 0; i < batch.Count; i++)
            {
                int label = batch.Labels[i], nearest = 0;
                for (int c = 0; c < _classes; c++)
                {
                    similarities[c] = Similarity(embeddings, i, c);
                    sums[label, c] += similarities[c];
                    nearest = similarities[c] > similarities[nearest] ? c : nearest;
                }

                counts[label]++;
                right += nearest == label ? 1 : 0;
            }
        }

        for (int i = 0; i < _classes * _classes; i++)
        {
            sums[i / _classes, i % _classes] /= Math.Max(1, counts[i / _classes]);
        }

        return ((double)right / counts.Sum(), sums);
    }

    public void Dispose() => _session.Dispose();

    private float Similarity(float[] embeddings, int image, int className)
    {
        float sum = 0;
        for (int i = 0; i < Clip.ImageEmbedsSize; i++)
        {
            sum += embeddings[image * Clip.ImageEmbedsSize + i] * _sentences[className * Clip.ImageEmbedsSize + i];
        }

        return sum;
    }

    private float[] Embed(string[] sentences)
    {
        float[] texts = new float[sentences.Length * Clip.TextSize], embeddings = new float[sentences.Length * Clip.TextEmbedsSize];
        for (int i = 0; i < sentences.Length; i++)
        {
            Captions.Encode(sentences[i], texts.AsSpan(i * Clip.TextSize, Clip.TextSize));
        }

        _session.ForwardTextEmbeds(texts, embeddings);
        return embeddings;
    }

    /// <summary>The mean of some points of the sphere, on the sphere.</summary>
    private static float[] Mean(float[] embeddings)
    {
        var mean = new float[Clip.TextEmbedsSize];
        for (int i = 0; i < embeddings.Length; i++)
        {
            mean[i % mean.Length] += embeddings[i];
        }

        float norm = MathF.Sqrt(mean.Sum(x => x * x));
        return [.. mean.Select(x => x / norm)];
    }
}
