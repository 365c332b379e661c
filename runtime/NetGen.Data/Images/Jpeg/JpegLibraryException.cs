namespace NetGen.Data;

/// <summary>A JPEG file is to be read, but libjpeg-turbo cannot be loaded.</summary>
public sealed class JpegLibraryException : PlatformNotSupportedException
{
    internal JpegLibraryException(string problem)
        : base(problem)
    {
    }
}
