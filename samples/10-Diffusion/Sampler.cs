namespace NetGen.Samples;

/// <summary>
/// Makes images out of noise: DDIM without noise of its own (Song, Meng, Ermon: Denoising diffusion implicit models, 2021), in fewer steps
/// than the training has times.
/// </summary>
internal sealed class Sampler(UNet net, SessionOptions options)
{
    private const int Steps = 50, Batch = 100;

    /// <summary>An image for each label.</summary>
    public float[] Draw(int[] labels, ulong seed)
    {
        var images = new float[labels.Length * UNet.ImageSize];
        new Noise(seed, 1, 0).Normal(images);
        using var session = net.CreateSession(Batch, options);
        for (int first = 0; first < labels.Length; first += Batch)
        {
            int count = Math.Min(Batch, labels.Length - first);
            Denoise(session, labels.AsSpan(first, count), images.AsSpan(first * UNet.ImageSize, count * UNet.ImageSize), null);
        }

        return images;
    }

    /// <summary>How one image comes out of the noise: at so many times, the noise first and the image last.</summary>
    public float[] Trace(int label, ulong seed, int frames)
    {
        var image = new float[UNet.ImageSize];
        new Noise(seed, 1, 0).Normal(image);
        var seen = new List<float[]> { image.ToArray() };
        using var session = net.CreateSession(1, options);
        Denoise(session, [label], image, seen);
        return [.. Enumerable.Range(0, frames).SelectMany(frame => seen[frame * Steps / (frames - 1)])];
    }

    private static void Denoise(UNet.Session session, ReadOnlySpan<int> labels, Span<float> images, List<float[]>? seen)
    {
        float[] kinds = OneHot(labels), times = new float[labels.Length * UNet.TimeSize], noise = new float[images.Length];
        for (int step = Steps; step > 0; step--)
        {
            int time = step * NoiseSchedule.Times / Steps, next = (step - 1) * NoiseSchedule.Times / Steps;
            for (int i = 0; i < labels.Length; i++)
            {
                NoiseSchedule.Encode(time, times.AsSpan(i * UNet.TimeSize, UNet.TimeSize));
            }

            session.Forward(kinds, times, images, noise);
            Advance(images, noise, NoiseSchedule.Kept(time), NoiseSchedule.Kept(next));
            seen?.Add(images.ToArray());
        }
    }

    /// <summary>
    /// What image that noise speaks of, and how it would be with less of the noise. Values outside the range of pixels are errors that
    /// would grow, so they are cut off, and the noise is what then explains the rest.
    /// </summary>
    private static void Advance(Span<float> images, ReadOnlySpan<float> noise, float kept, float keptNext)
    {
        (float ofImage, float ofNoise) = (MathF.Sqrt(kept), MathF.Sqrt(1 - kept));
        (float nextOfImage, float nextOfNoise) = (MathF.Sqrt(keptNext), MathF.Sqrt(1 - keptNext));
        for (int i = 0; i < images.Length; i++)
        {
            float image = Math.Clamp((images[i] - ofNoise * noise[i]) / ofImage, -1, 1);
            images[i] = nextOfImage * image + nextOfNoise * (images[i] - ofImage * image) / ofNoise;
        }
    }

    private static float[] OneHot(ReadOnlySpan<int> labels)
    {
        var kinds = new float[labels.Length * UNet.LabelSize];
        for (int i = 0; i < labels.Length; i++)
        {
            kinds[i * UNet.LabelSize + labels[i]] = 1;
        }

        return kinds;
    }
}
