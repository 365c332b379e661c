namespace NetGen.Data.Tests;

/// <summary>Transforms as they are described, one at a time, on whole images (C, H, W): what the single pass is held to.</summary>
internal sealed record StepByStep(float[] Values, int Channels, int Height, int Width, bool Filled = false)
{
    public static StepByStep From(ImageView image)
    {
        (int channels, int height, int width) = image.Shape;
        var values = new float[image.Pixels.Length];
        for (int i = 0; i < values.Length; i++)
        {
            int c = i / (height * width), pixel = i % (height * width);
            values[i] = image.Pixels[image.Layout == PixelLayout.Planar ? i : pixel * channels + c];
        }
        return new StepByStep(values, channels, height, width);
    }

    public StepByStep Apply(Transform step, SampleRandom random)
    {
        switch (step)
        {
            case ToTensor:
                return this with { Values = Array.ConvertAll(Values, value => value / 255f) };
            case Normalize:
                string[] lists = step.ToString()["Normalize([".Length..^2].Split("], [");
                float[] mean = Numbers(lists[0]), std = Numbers(lists[1]);
                return this with { Values =
                    [.. Values.Select((value, i) => (value - mean[i / (Height * Width)]) / std[i / (Height * Width)])] };
            case RandomHorizontalFlip:
                return random.NextSingle() < Probability(step) ? Move(Height, Width, 0, (y, x) => (y, Width - 1 - x)) : this;
            case RandomVerticalFlip:
                return random.NextSingle() < Probability(step) ? Move(Height, Width, 0, (y, x) => (Height - 1 - y, x)) : this;
            case CenterCrop crop:
                (int h, int w) = (crop.SizeOf(null, null).Height!.Value, crop.SizeOf(null, null).Width!.Value);
                int padTop = h > Height ? (h - Height) / 2 : 0, padLeft = w > Width ? (w - Width) / 2 : 0;
                int top = h > Height
                    ? 0 : (int)Math.Round((Height - h) / 2.0, MidpointRounding.ToEven), left = w > Width
                    ? 0 : (int)Math.Round((Width - w) / 2.0, MidpointRounding.ToEven);
                return Move(h, w, 0, (y, x) => (y + top - padTop, x + left - padLeft));
            case RandomCrop crop:
                (h, w) = (crop.SizeOf(1000, 1000).Height!.Value, crop.SizeOf(1000, 1000).Width!.Value);
                int padding = Named(step, "padding"), rows = padding, columns = padding;
                if (Height + 2 * rows < h)
                    rows += h - Height - 2 * rows;
                if (Width + 2 * columns < w)
                    columns += w - Width - 2 * columns;
                top = random.NextInt(Height + 2 * rows - h + 1);
                left = random.NextInt(Width + 2 * columns - w + 1);
                return Move(h, w, Named(step, "fill"), (y, x) => (y + top - rows, x + left - columns));
            case Resize resize:
                // Resizing has PIL's own pictures to answer to; here it only has to come in its place.
                ImageShape size = resize.ShapeOf(new ImageShape(Channels, Height, Width));
                var bytes = new byte[Channels * size.Height * size.Width];
                new Resizer()
                    .Resize(
                    new ImageView(Array.ConvertAll(Values, value => (byte)value), new ImageShape(Channels, Height, Width),
                    PixelLayout.Planar), size.Height, size.Width, bytes);
                return this with { Values = Array.ConvertAll(bytes, value => (float)value), Height = size.Height, Width = size.Width };
            default:
                throw new ArgumentException($"{step} is not known here.");
        }
    }

    private StepByStep Move(int height, int width, float fill, Func<int, int, (int Y, int X)> from)
    {
        var values = new float[Channels * height * width];
        bool filled = Filled;
        for (int i = 0; i < values.Length; i++)
        {
            (int y, int x) = from(i / width % height, i % width);
            bool inside = y >= 0 && y < Height && x >= 0 && x < Width;
            values[i] = inside ? Values[(i / (height * width) * Height + y) * Width + x] : fill;
            filled |= !inside;
        }
        return new StepByStep(values, Channels, height, width, filled);
    }

    private static float[] Numbers(string list)
        => [.. list.Split(", ").Select(number => float.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private static double Probability(Transform flip) => Numbers(flip.ToString().Split('(')[1].TrimEnd(')'))[0];

    /// <summary>An argument that a transform shows by name, or 0.</summary>
    private static int Named(Transform step, string name)
    {
        string text = step.ToString();
        int at = text.IndexOf($"{name}: ", StringComparison.Ordinal);
        return at < 0
            ? 0 : int.Parse(string.Concat(text[(at + name.Length + 2)..].TakeWhile(char.IsAsciiDigit)),
            System.Globalization.CultureInfo.InvariantCulture);
    }
}
