using NetGen.Data;

namespace NetGen.Samples;

/// <summary>The picture that is filtered, in grey from 0 to 1.</summary>
internal static class Scene
{
    private const int Size = FilterNet.Size;

    /// <summary>A picture from a file, PNG or JPEG: its shorter edge is brought to size, its middle cut out.</summary>
    public static float[] Read(string path)
    {
        var image = ImageFile.Read(path, channels: 1);
        var preprocessor = new Preprocessor(new Compose(new Resize(Size), new CenterCrop(Size), new ToTensor()), image.Shape);
        var picture = new float[preprocessor.OutputShape.Length];
        preprocessor.Apply(image.View, picture);
        return picture;
    }

    /// <summary>A house by a road under the sun, drawn here.</summary>
    public static float[] Draw()
    {
        var canvas = new Canvas(Size, Size, (150, 150, 150));
        for (int y = 0; y < 100; y++)
        {
            byte sky = (byte)(235 - y / 2);
            canvas.Fill(0, y, Size, 1, (sky, sky, sky));
        }

        // The sun, the roof and the road row by row.
        for (int y = 0; y < Size; y++)
        {
            int sun = (int)Math.Sqrt(Math.Max(0, 14 * 14 - (y - 26) * (y - 26)));
            canvas.Fill(126 - sun, y, 2 * sun, 1, (255, 255, 255));
            if (y is >= 38 and < 62)
            {
                canvas.Fill(62 - 2 * (y - 38), y, 4 * (y - 38), 1, (60, 60, 60));
            }

            if (y >= 124)
            {
                int half = 6 + (y - 124);
                canvas.Fill(110 - half, y, 2 * half, 1, (90, 90, 90));
                canvas.Fill(109, y, y % 12 < 6 ? 2 : 0, 1, (240, 240, 240));
            }
        }

        canvas.Fill(24, 62, 76, 50, (205, 205, 205));
        canvas.Fill(34, 72, 18, 16, (40, 40, 40));
        canvas.Fill(42, 72, 2, 16, (205, 205, 205));
        canvas.Fill(68, 78, 18, 34, (75, 75, 75));
        canvas.Fill(82, 96, 2, 2, (240, 240, 240));
        canvas.Fill(86, 40, 8, 20, (60, 60, 60));
        for (int x = 4; x < Size; x += 9)
        {
            canvas.Fill(x, 108, 3, 12, (245, 245, 245));
        }

        canvas.DrawText(30, 93, "NET", 1, (40, 40, 40));
        var picture = new float[Size * Size];
        new Preprocessor(new ToTensor(), new ImageShape(1, Size, Size)).Apply(canvas.Grey().View, picture);
        return picture;
    }
}
