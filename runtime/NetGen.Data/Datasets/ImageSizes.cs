using System.Globalization;

namespace NetGen.Data;

/// <summary>Looks at what the images of a set measure, by the headers of their files, before the first is decoded.</summary>
internal static class ImageSizes
{
    /// <summary>What all images measure.</summary>
    /// <returns>Null where the set cannot tell without decoding.</returns>
    /// <exception cref="ArgumentException">They differ; the message names two of them.</exception>
    public static ImageShape? Common(ImageDataset set, string parameter)
    {
        if (set.Shape is { } known)
            return known;
        ImageShape? first = null;
        int firstIndex = 0;
        for (int i = 0; i < set.Count; i++)
        {
            if (Of(set, i) is not { } shape)
                continue;
            if (first is null)
                (first, firstIndex) = (shape, i);
            if (shape != first)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{set.Describe(i)}: expected an image of {first}, as {set.Describe(firstIndex)} is, found {shape}. Add a transform "
                    + $"that brings images to one size: Resize((height, width)), CenterCrop, RandomCrop or RandomResizedCrop."), parameter);
            }
        }
        return first;
    }

    /// <summary>Sees that transforms take the images of a set, each size once.</summary>
    /// <exception cref="ArgumentException">They refuse one; the message names it.</exception>
    public static void Check(ImageDataset set, Transform transform, string parameter)
    {
        var seen = new HashSet<ImageShape>();
        for (int i = 0; i < set.Count; i++)
        {
            if (Of(set, i) is not { } shape || !seen.Add(shape))
                continue;
            try
            {
                TransformPlan.Create(transform, set.Channels, shape);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"{set.Describe(i)}: {exception.Message}", parameter, exception);
            }
        }
    }

    /// <summary>What an image measures; null where its header does not tell. Damage is reported when the image is decoded.</summary>
    private static ImageShape? Of(ImageDataset set, int index)
    {
        try
        {
            return set.ShapeOf(index);
        }
        catch (IOException)
        {
            // Whoever reads the image gets the error, with all that is known about it, or leaves the image out (SkipCorrupt).
            return null;
        }
    }
}
