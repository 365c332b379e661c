using System.Buffers;
using System.Text.Json;

namespace NetGen.Samples.Serve;

/// <summary>What is wrong with a request, in words for its sender.</summary>
internal sealed class BadImageException(string message) : Exception(message);

/// <summary>Reads an image from a request's body, straight into the network's input.</summary>
internal static class PredictRequest
{
    /// <summary>A body that is larger is refused unread: 784 numbers of JSON take at most about 20 KB.</summary>
    public const int MaximumBody = 64 * 1024;

    /// <summary>From 784 bytes, row by row, 0 background to 255 ink.</summary>
    /// <exception cref="BadImageException">There are more or fewer bytes.</exception>
    public static void ReadBytes(ReadOnlySequence<byte> body, Span<float> pixels)
    {
        if (body.Length != pixels.Length)
            throw new BadImageException($"Expected {pixels.Length} bytes (28 rows of 28 pixels), but {body.Length} arrived.");
        int i = 0;
        foreach (ReadOnlyMemory<byte> part in body)
        {
            foreach (byte value in part.Span)
                pixels[i++] = value / 255f;
        }
    }

    /// <summary>From <c>{"pixels": [784 numbers from 0 to 255]}</c>; other properties are ignored.</summary>
    /// <exception cref="BadImageException">It is no JSON, or not of this form, or a number is missing or out of range.</exception>
    public static void ReadJson(ReadOnlySequence<byte> body, Span<float> pixels)
    {
        bool found = false;
        try
        {
            var reader = new Utf8JsonReader(body);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new BadImageException("Expected an object, {\"pixels\": [784 numbers]}.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isPixels = reader.ValueTextEquals("pixels"u8);
                reader.Read();
                if (!isPixels)
                {
                    reader.Skip();
                    continue;
                }
                if (found)
                    throw new BadImageException("\"pixels\" is given twice.");
                found = true;
                ReadPixels(ref reader, pixels);
            }
            // To the end, so that what follows the object is an error too.
            while (reader.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw new BadImageException($"The body is no JSON: {e.Message}");
        }
        if (!found)
            throw new BadImageException("\"pixels\" is missing: expected {\"pixels\": [784 numbers]}.");
    }

    private static void ReadPixels(ref Utf8JsonReader reader, Span<float> pixels)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new BadImageException($"\"pixels\" must be a list of {pixels.Length} numbers.");
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out double value))
                throw new BadImageException($"\"pixels\"[{count}] is no number.");
            // Written so that infinities, which a long number in JSON can be, fail too.
            if (!(value is >= 0 and <= 255))
                throw new BadImageException(FormattableString.Invariant($"\"pixels\"[{count}] is {value}, but must be from 0 to 255."));
            if (count < pixels.Length)
                pixels[count] = (float)(value / 255);
            count++;
        }
        if (count != pixels.Length)
            throw new BadImageException($"\"pixels\" has {count} numbers, but must have {pixels.Length}: 28 rows of 28, 0 background "
                + $"to 255 ink.");
    }
}
