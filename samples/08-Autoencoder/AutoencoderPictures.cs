using NetGen.Data;

namespace NetGen.Samples;

/// <summary>Test images and what the networks make of them, above the plane of the variational one.</summary>
internal sealed class AutoencoderPictures(Autoencoder plain, VariationalAutoencoder variational, FashionData data, SessionOptions options)
{
    private const int Images = 16, Side = 28, Size = Side * Side, PlaneSide = 16;

    public Canvas Draw()
    {
        var images = TestImages();
        float[] sheet = [.. images, .. Repainted(images), .. RepaintedFromPlane(images), .. new float[Images * Size], .. Plane()];
        for (int i = 0; i < sheet.Length; i++)
        {
            sheet[i] = 2 * sheet[i] - 1;
        }

        return ImageSheet.Draw(sheet, Side, Images);
    }

    /// <summary>The first ones, from 0 to 1.</summary>
    private float[] TestImages()
    {
        var images = new float[Images * Size];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = data.Test[i / Size][i % Size] / 255f;
        }

        return images;
    }

    private float[] Repainted(float[] images)
    {
        var painted = new float[images.Length];
        using var session = plain.CreateSession(Images, options);
        session.Forward(images, painted);
        for (int i = 0; i < painted.Length; i++)
        {
            painted[i] = 1 / (1 + MathF.Exp(-painted[i]));
        }

        return painted;
    }

    /// <summary>By the point where each most probably lies.</summary>
    private float[] RepaintedFromPlane(float[] images)
    {
        float[] mu = new float[Images * 2], sigma = new float[Images * 2], logits = new float[images.Length];
        using var session = variational.CreateSession(Images, options);
        session.Forward(images, new float[Images * 2], mu, sigma, logits);
        return Paint(mu);
    }

    /// <summary>Points of a square, those of each row and column as likely as those of the next.</summary>
    private float[] Plane()
    {
        var points = new float[PlaneSide * PlaneSide * 2];
        for (int i = 0; i < PlaneSide * PlaneSide; i++)
        {
            points[2 * i] = Quantile((i % PlaneSide + 0.5) / PlaneSide);
            points[2 * i + 1] = Quantile((i / PlaneSide + 0.5) / PlaneSide);
        }

        return Paint(points);
    }

    private float[] Paint(float[] points)
    {
        var painter = new Painter();
        var parameters = variational.Parameters.ToDictionary(p => p.Name);
        foreach (var parameter in painter.Parameters)
        {
            parameter.CopyFrom(parameters[parameter.Name].ToArray());
        }

        var painted = new float[points.Length / 2 * Size];
        using var session = painter.CreateSession(points.Length / 2, options);
        session.Forward(points, painted);
        return painted;
    }

    /// <summary>Below which number a share of the normal distribution lies, by halving.</summary>
    private static float Quantile(double share)
    {
        double low = -8, high = 8;
        while (high - low > 1e-6)
        {
            double middle = (low + high) / 2;
            (low, high) = Share(middle) < share ? (middle, high) : (low, middle);
        }

        return (float)low;
    }

    /// <summary>The share below a number: the density's integral by Simpson's rule.</summary>
    private static double Share(double number)
    {
        const int Parts = 200;
        double step = number / Parts, sum = 0;
        for (int i = 0; i <= Parts; i++)
        {
            double x = i * step;
            sum += (i is 0 or Parts ? 1 : i % 2 == 1 ? 4 : 2) * Math.Exp(-x * x / 2);
        }

        return 0.5 + sum * step / 3 / Math.Sqrt(2 * Math.PI);
    }
}
