using System.Buffers.Binary;

namespace NetGen.Samples.Audio;

/// <summary>A signal as a WAV file of one channel with 16 bits a sample.</summary>
internal static class WaveFile
{
    public static void Write(string path, ReadOnlySpan<float> signal)
    {
        const int HeaderLength = 44, BytesPerSample = 2;
        var file = new byte[HeaderLength + signal.Length * BytesPerSample];
        Span<byte> header = file;
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        // Linear samples, one channel.
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], Signal.Rate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], Signal.Rate * BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 8 * BytesPerSample);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], signal.Length * BytesPerSample);
        for (int i = 0; i < signal.Length; i++)
        {
            short sample = (short)Math.Round(Math.Clamp(signal[i], -1, 1) * short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(HeaderLength + i * BytesPerSample), sample);
        }
        File.WriteAllBytes(path, file);
    }
}
